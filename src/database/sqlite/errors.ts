import { serviceUnavailable } from '../../contract/errors.ts'

/** Writers are serialised, so the only conflict is a violated unique index: a random PIN that is taken, for example. */
export const classify = (error: unknown) => (uniqueViolations.has(codeOf(error)) ? 'unique' : undefined)
const uniqueViolations = new Set([1555, 2067])
const codeOf = (error: unknown) => (error as { errcode?: number }).errcode ?? 0

/** Primary result codes that mean "not now" or "not this disk", not "wrong SQL". */
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

/** The database is closed: the request outlived the draining of a server that shuts down. */
const isClosed = (error: unknown) => (error as { code?: string }).code === 'ERR_INVALID_STATE'

export function translate(error: unknown): never {
  if (unavailable.has(codeOf(error) & 0xff) || isClosed(error)) throw unavailableBecause(error)
  throw error
}

export const unavailableBecause = (cause: unknown) => Object.assign(serviceUnavailable(), { cause })
