import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { dropWhenFull } from './standard-error.ts'

/** A pipe whose reader reads only when it is told to. */
function openPipe() {
  const read: string[] = []
  let next: (() => void) | undefined
  const pipe = new Writable({
    decodeStrings: false,
    highWaterMark: 1,
    write(line: string, _, done) {
      read.push(line)
      next = done
    },
  })
  const readAll = async () => {
    for (let done = next; done; done = next) {
      next = undefined
      done()
      await new Promise(setImmediate)
    }
    return read
  }
  return { pipe, read, readAll }
}

test('lines that nobody reads are kept up to a bound, then dropped and counted', async () => {
  const { pipe, readAll } = openPipe()
  const log = dropWhenFull(pipe, pipe, 10)
  for (let line = 0; line < 100; line++) log.write('1234\n')
  const read = await readAll()
  expect(read.slice(0, 2)).toEqual(['1234\n', '1234\n'])
  expect(read).toHaveLength(3)
  expect(JSON.parse(read[2] ?? '')).toEqual({
    level: 40,
    time: expect.any(String),
    dropped: 98,
    msg: 'log lines were dropped: nobody read them',
  })
  log.write('next\n')
  expect((await readAll()).slice(3)).toEqual(['next\n'])
})

test('an error of the pipe is ignored', async () => {
  const pipe = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
  const log = dropWhenFull(pipe, pipe)
  log.write('x\n')
  await new Promise(setImmediate)
  expect(() => log.write('y\n')).not.toThrow()
})
