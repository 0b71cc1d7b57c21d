import { serviceUnavailable } from '../../contract/errors.ts'

export function classify(error: unknown) {
  const code = codeOf(error)
  if (code === '23505') return 'unique'
  return serialisation.has(code) || isOutdated(error) ? 'serialisation' : undefined
}
/** The third follows from another error, which may have been one of the first. */
const serialisation: ReadonlySet<string> = new Set(['40001', '40P01', '25P02'])

/**
 * SQLSTATE classes and codes that say "not now" or "not this disk"; the rest is a fault of the program. A file system that
 * is read-only counts as a lack of privilege (42501), and a quota or a damaged page as a fault within PostgreSQL (XX).
 */
const unavailable =
  /^(?:08...|25P0[34]|28...|3D000|42501|53...|57P..|57014|58...|25006|40003|XX00[012]|ECONN\w+|EHOST\w+|ENET\w+|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/
const unavailableMessage =
  /timeout exceeded when trying to connect|hot standby|Query read timeout|Connection terminated|Client has encountered|Client was closed|Cannot use a pool after calling end/

const isUnavailable = (error: unknown) =>
  unavailable.test(codeOf(error)) || unavailableMessage.test((error as Error).message)

/** What took too long, or met a damaged page, did so for one of them; whatever else keeps the store from serving does so for all. */
export const spoilsAll = (error: unknown) => isUnavailable(error) && !/^(?:57014|XX00[012])$/.test(codeOf(error))

export function translate(error: unknown): never {
  // Who lost against others until the end is told to come back.
  if (isUnavailable(error) || classify(error) === 'serialisation')
    throw Object.assign(serviceUnavailable(), { cause: error })
  throw error
}

/** A statement that was prepared before the schema changed; a new connection knows it as it is now. */
export function isOutdated(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === '26000' || (code === '0A000' && message?.includes('cached plan') === true)
}

/** A database that is made writable again stays read-only for connections that were opened meanwhile. */
export const isReadOnly = (error: unknown): boolean => (error as { code?: string }).code === '25006'

const codeOf = (error: unknown) => (error as { code?: string }).code ?? ''
