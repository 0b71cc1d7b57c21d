/** Signals that reach `belfry serve` during its start, and surroundings that go away. */
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, test } from 'vitest'
import { migrations } from '../../src/database/migrations/migrate.ts'
import { openUnmigrated } from '../../src/database/open.ts'
import { createClient } from '../support/belfry.ts'
import { folderOfTest } from '../support/folder.ts'
import { freePort } from '../support/free-port.ts'
import { launch, runBelfry, startProcess } from '../support/process.ts'
import { signalAt } from '../support/signal-at-statement.ts'

let folder: string

beforeEach(() => {
  folder = folderOfTest()
})

const serve = ['serve', '--port', '0']

describe('belfry serve', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends at once on %s during the creation of its tables, and the next start makes them',
    async (signal) => {
      const environment = signalAt('create table "users"', signal)
      expect(await runBelfry(serve, { cwd: folder, environment })).toEqual({ code: 0, stdout: '', stderr: '' })
      const opened = await openUnmigrated(`sqlite:${join(folder, 'data/belfry.db')}`)
      await opened.database.close()
      expect(opened.migrations).toEqual(Object.keys(migrations))
      const server = await startProcess(serve, { cwd: folder })
      expect(server.printed()).toContain('AWS_ACCESS_KEY_ID=')
      expect(await server.end('SIGTERM')).toBe(0)
    },
  )

  test('shows the key that it makes although a signal has come, and ends', async () => {
    const environment = signalAt('insert into "access_keys"', 'SIGTERM')
    const { code, stdout } = await runBelfry(serve, { cwd: folder, environment })
    expect(code).toBe(0)
    const [, accessKeyId = '', secretAccessKey = ''] =
      /AWS_ACCESS_KEY_ID=(\S+)\s+AWS_SECRET_ACCESS_KEY=(\S+)/.exec(stdout) ?? []
    const server = await startProcess(serve, { cwd: folder })
    expect(server.printed()).toBe(`belfry ready ${server.url}\n`)
    expect((await createClient(server.url, { accessKeyId, secretAccessKey }).listAccounts()).Accounts).toEqual([])
  })

  test.each([
    ['the program', ['src/main.ts']],
    ['the script that finds Node.js', ['scripts/run.mjs', 'src/main.ts']],
  ])('opens no debugger when SIGUSR1 is sent to %s', async (_, scripts) => {
    const [port, file] = [await freePort(), join(folder, 'stderr')]
    const environment = { NODE_OPTIONS: `--inspect-port=127.0.0.1:${port}` }
    const server = await startProcess(serve, { cwd: folder, scripts, environment, stderr: openSync(file, 'w') })
    process.kill(server.pid, 'SIGUSR1')
    for (let round = 0; round < 5; round++) expect((await fetch(`${server.url}/accounts`)).status).toBe(403)
    await expect(fetch(`http://127.0.0.1:${port}/json`)).rejects.toThrow('fetch failed')
    expect(await server.end('SIGTERM')).toBe(0)
    expect(readFileSync(file, 'utf8')).not.toContain('Debugger')
  })

  test.each([
    ['closed', undefined],
    ['full', openSync('/dev/full', 'w')],
  ] as [string, number?][])(
    'serves with a standard output that is %s, and says that the key was not shown',
    async (_, stdout) => {
      const port = await freePort()
      const child = launch(['serve', '--port', String(port)], { cwd: folder, stdout })
      child.stdout?.destroy()
      const [ended, printed] = [once(child, 'exit'), child.stderr ? text(child.stderr) : '']
      const isReady = () =>
        fetch(`http://127.0.0.1:${port}/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      await expect.poll(isReady, { timeout: 50_000 }).toBe(true)
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      expect(await printed).toContain("the administrator's new key was not shown")
      expect(await printed).not.toContain('node:internal')
    },
  )
})
