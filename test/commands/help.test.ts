/** Help texts of the command line. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commandsOf, helpOf, nameOf } from '../../scripts/reference/command-line.ts'
import { createCli } from '../../src/cli/cli.ts'
import { root, runBelfry } from '../support/process.ts'

const commands = commandsOf(createCli()).map((command) => ({ name: nameOf(command), command }))

test('the command line has exactly these commands', () => {
  expect(commands.map(({ name }) => name.replace('belfry ', ''))).toEqual([
    'serve',
    'migrate',
    'doctor',
    'verify',
    'backup',
    'restore',
    'key create',
    'key import',
    'key rotate',
    'key session',
    'key list',
    'key disable',
    'key enable',
    'key delete',
    'account list',
    'account show',
    'account create',
    'account convert',
    'account suspend',
    'account reactivate',
    'account delete',
    'account domain list',
    'account domain add',
    'account domain remove',
    'user history',
    'stock add',
    'stock list',
    'stock withdraw',
    'number list',
    'number history',
    'number holder',
    'number assign',
    'number unassign',
    'journal',
    'journal export',
    'principal list',
    'principal show',
    'principal create',
    'principal delete',
    'principal attach',
    'principal detach',
    'principal key create',
    'principal key list',
    'principal key disable',
    'principal key enable',
    'principal key delete',
    'policy list',
    'policy show',
    'policy put',
    'policy delete',
    'demo',
  ])
})

describe.each(commands)('$name', ({ name, command }) => {
  test('has a description and a valid example', () => {
    expect(command.description()).toMatch(/\.$/)
    const example = /\nExample:\n {2}(.+)\n$/.exec(helpOf(command))?.[1] ?? ''
    expect(`${example} `).toContain(`${name} `)
    const words = example.slice(name.length + 1).match(/"[^"]*"|\S+/g) ?? []
    const { operands, unknown } = command.parseOptions(words)
    expect(unknown).toEqual([])
    const needed = command.registeredArguments.filter(({ required }) => required)
    expect(operands.length).toBeGreaterThanOrEqual(needed.length)
  })
})

test.each([
  [['numbr', 'list'], '(Did you mean number?)'],
  [['number', 'lst'], '(Did you mean list?)'],
  [['number', 'list', '--stats', 'x'], '(Did you mean --status?)'],
  [['number', 'list', '--status', 'Unasigned'], 'Allowed choices are AcquireInProgress'],
  [['account', 'show'], "error: missing required argument 'account-id'"],
  [['account', 'show', 'a', 'b'], 'error: too many arguments'],
  [['account'], 'Usage: belfry account'],
])('%j is wrong usage and prints a hint', async (args, hint) => {
  const { code, stdout, stderr } = await runBelfry(args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(hint)
})

test('--help lists the exit codes', async () => {
  const { code, stdout, stderr } = await runBelfry(['--help'])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.match(/^ {2}\d {2}/gm)).toEqual(['  0  ', '  1  ', '  2  ', '  3  ', '  4  '])
})

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(await runBelfry(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})
