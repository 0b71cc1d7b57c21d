/** Wrong usage of the commands that call a server, and servers that are unavailable or malicious. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startFakeServer } from '../support/fake-server.ts'
import { makeInterruptible } from '../support/interruptible-database.ts'
import { useRemoteCommands } from '../support/remote-commands.ts'

const { belfry, folder, run, rows, refusal } = await useRemoteCommands()

test('an id with special characters reaches the server unchanged', async () => {
  const odd = "a b/c+d=é%2F?&#'(*)!"
  const missing = `3 belfry: NotFoundException: Could not find Account with Id '${odd}'\n`
  expect(await refusal(['account', 'show', odd])).toBe(missing)
  expect(await refusal(['account', 'suspend', odd])).toBe(missing)
  expect(await rows(['journal', '--resource', odd])).toEqual([])
})

test.each([
  [['stock', 'add'], 'Give either numbers, or both --from and --to.'],
  [['stock', 'add', '+12065550100', '--from', '+12065550100'], 'Give either numbers, or both --from and --to.'],
  [['stock', 'add', '--from', '+12065550100'], 'Give either numbers, or both --from and --to.'],
  [['number', 'history', 'abc'], 'abc is not a phone number in E.164, as +12065550100.'],
  [['number', 'unassign'], 'Give either a number, or both --account and --user.'],
  [['number', 'unassign', '--user', 'x'], 'Give either a number, or both --account and --user.'],
  [['account', 'list', '--endpoint-url', 'localhost:8080'], 'The endpoint localhost:8080 is not a URL.'],
])('%j is wrong usage and prints one sentence', async (args, sentence) => {
  expect(await refusal(args)).toBe(`2 belfry: ${sentence}\n`)
})

test.each([
  [['journal', '--since', 'yesterday'], 'It must be a date or a time'],
  [['journal', '--since', '2026-13-01'], 'It must be a date or a time'],
  [['journal', '--limit', '0'], 'It must be from 1 to'],
])('%j is wrong usage and prints the valid values', async (args, hint) => {
  expect(await refusal(args)).toMatch(new RegExp(`^2 error: option .* ${hint}`))
})

test('the exit code is 4 if the server cannot be reached', async () => {
  for (const command of [['account', 'list'], ['journal']]) {
    const gone = await run([...command, '--endpoint-url', 'http://127.0.0.1:9'])
    expect([gone.code, gone.stdout]).toEqual([4, ''])
    expect(gone.stderr).toMatch(/^belfry: The server http:\/\/127\.0\.0\.1:9 cannot be reached \([^)]+\)\.\n$/)
    const unknown = await run([...command, '--endpoint-url', 'http://belfry.invalid'])
    expect([unknown.code, unknown.stderr]).toEqual([4, expect.stringMatching(/cannot be reached \(E[A-Z_]+\)\.\n$/)])
  }
})

test('the exit code is 4 if the server answers ServiceUnavailableException', async () => {
  const database = await makeInterruptible(belfry.databaseUrl)
  database.cut()
  try {
    expect(await refusal(['stock', 'add', '+13025550100'])).toMatch(/^4 belfry: ServiceUnavailableException: /)
    expect(await refusal(['account', 'create', 'x'])).toMatch(/^4 belfry: ServiceUnavailableException: /)
  } finally {
    await database.restore()
  }
})

describe('a malicious server', () => {
  test('cannot send control characters to the terminal in an error', async () => {
    const headers = { 'x-amzn-ErrorType': 'Bad\u009b31mException' }
    const body = JSON.stringify({ Code: 'x', Message: 'red \u001b[31m\u202e\ntwo' })
    const url = await startFakeServer((_, response) => void response.writeHead(403, headers).end(body))
    for (const command of [['account', 'list'], ['journal']]) {
      const { code, stdout, stderr } = await run([...command, '--endpoint-url', url])
      expect([code, stdout]).toEqual([3, ''])
      expect(stderr).toMatch(/^belfry: [ -~]*red \?\[31m\?\?two\n$/)
    }
  })

  test('cannot send control characters to the terminal in the findings of doctor', async () => {
    const body = JSON.stringify({ Code: 'x', Message: 'red \u001b[31m' })
    const url = await startFakeServer(
      ({ url: path }, response) => void response.writeHead(path === '/health' ? 200 : 400).end(body),
    )
    const { code, stdout } = await run([
      'doctor',
      '--database',
      `sqlite:${join(folder, 'belfry.db')}`,
      '--endpoint-url',
      url,
    ])
    expect(code).toBe(1)
    expect(stdout).toContain('red ?[31m')
    expect(stdout).toMatch(/^[ -~\n]*$/)
  })

  test('cannot redirect a signed request to another server', async () => {
    let visits = 0
    const elsewhere = await startFakeServer((_, response) => {
      visits++
      response.end('{}')
    })
    const url = await startFakeServer((_, response) => void response.writeHead(307, { Location: elsewhere }).end())
    const { code, stderr } = await run(['journal', '--endpoint-url', url])
    expect([code, stderr, visits]).toEqual([4, expect.stringContaining('belfry: '), 0])
  })
})
