/** A pause of the process is no overload. */
import { expect, test } from 'vitest'
import { newDatabase, startBelfry } from '../support/belfry.ts'
import { sendSigned } from '../support/raw.ts'
import { administratorOf, serve } from '../support/server-process.ts'

const stallMs = 300

test('a lone client is answered after each of many stalls of the event loop', async () => {
  const belfry = await startBelfry({ MAX_LOOP_DELAY_MS: '1' })
  const caller = await belfry.tenant()
  const nobody = new Int32Array(new SharedArrayBuffer(4))
  for (let stall = 0; stall < 10; stall++) {
    Atomics.wait(nobody, 0, 0, stallMs)
    for (let call = 0; call < 5; call++)
      expect((await sendSigned(belfry.url, caller, { path: '/accounts' })).status).toBe(200)
  }
})

test('a lone client is answered while the process is stopped and continued', async () => {
  const server = await serve(await newDatabase(), { BELFRY_MAX_LOOP_DELAY_MS: '1' })
  const { chime } = administratorOf(server.url)
  for (let pause = 0; pause < 20; pause++) {
    process.kill(server.pid, 'SIGSTOP')
    const answer = chime.listAccounts()
    process.kill(server.pid, 'SIGCONT')
    expect((await answer).Accounts).toEqual([])
  }
  expect(await server.end('SIGTERM')).toBe(0)
})
