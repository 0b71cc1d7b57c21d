/** Deployment files and guides name only settings and commands that exist. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandsOf, nameOf } from '../../scripts/reference/command-line.ts'
import { createCli } from '../../src/cli/cli.ts'
import { isSetting } from '../../src/config.ts'
import { root } from '../support/process.ts'

const files = [
  'Dockerfile',
  'compose.yaml',
  'deploy/README.md',
  'deploy/container/healthcheck.mjs',
  'deploy/systemd/belfry.service',
  'docs/proxies.md',
  'docs/running.md',
  'docs/scaling.md',
  'README.md',
  'SECURITY.md',
]
const commands = new Set(commandsOf(createCli()).map((command) => nameOf(command).split(' ')[1]))

test.each(files)('%s names only existing settings and commands', (file) => {
  const text = readFileSync(join(root, file), 'utf8')
  const names = [...text.matchAll(/\bBELFRY_(\w*[A-Z])/g)].map(([, name = '']) => name)
  expect(names.filter((name) => !isSetting(name) && name !== 'NAME')).toEqual([])
  const called = [...text.matchAll(/^ {4}belfry ([a-z]+) |`belfry ([a-z]+)`/gm)].map(
    ([, line, word]) => line ?? word ?? '',
  )
  expect(called.filter((name) => !commands.has(name))).toEqual([])
})
