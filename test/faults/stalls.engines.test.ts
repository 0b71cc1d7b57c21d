/** A pause of the process is no overload. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { newDatabase, startBelfry } from '../support/belfry.ts'
import { sendSigned } from '../support/raw.ts'
import { administratorOf, serve } from '../support/server-process.ts'

const nobody = new Int32Array(new SharedArrayBuffer(4))
/** Stops the event loop, which the server of this process shares. */
const stop = (milliseconds: number) => void Atomics.wait(nobody, 0, 0, milliseconds)

test('a lone client is answered after each of many stalls of the event loop', async () => {
  const belfry = await startBelfry({ MAX_LOOP_DELAY_MS: '1' })
  const caller = await belfry.tenant()
  for (let stall = 0; stall < 10; stall++) {
    stop(300)
    for (let call = 0; call < 5; call++)
      expect((await sendSigned(belfry.url, caller, { path: '/accounts' })).status).toBe(200)
  }
})

test('a request that arrives during a stall is not late', async () => {
  const belfry = await startBelfry({ HEADERS_TIMEOUT_MS: '1000', REQUEST_TIMEOUT_MS: '1000' })
  const { hostname, port } = new URL(belfry.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  // The answer comes after the server has accepted the connection.
  await fetch(`${belfry.url}/health`)
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n')
  stop(2000)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)
  socket.destroy()
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
