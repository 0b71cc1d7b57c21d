import { serviceUnavailable } from '../../contract/errors.ts'

/** Writers wait for each other, so only a unique index can object: to a random PIN that is taken, say. */
export const classify = (error: unknown) => (uniqueViolations.has(codeOf(error)) ? 'unique' : undefined)
const uniqueViolations = new Set([1555, 2067])
const codeOf = (error: unknown) => (error as { errcode?: number }).errcode ?? 0

/** Primary result codes that say "not now" or "not this disk", rather than "wrong SQL". */
const unavailable = new Set([
  5, // BUSY
  6, // LOCKED
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  14, // CANTOPEN
  26, // NOTADB
])

/** It is closed already: a request has outlived the patience of a server that is ending. */
const isClosed = (error: unknown) => (error as { code?: string }).code === 'ERR_INVALID_STATE'

export function translate(error: unknown): never {
  if (unavailable.has(codeOf(error) & 0xff) || isClosed(error))
    throw Object.assign(serviceUnavailable(), { cause: error })
  throw error
}
