import { serviceUnavailable } from '../../contract/errors.ts'

export function classify(error: unknown) {
  const code = codeOf(error)
  if (code === '23505') return 'unique'
  return serialisation.has(code) || isStalePlan(error) ? 'serialisation' : undefined
}
/** Serialisation failure, deadlock, and the error that follows either of them in the same transaction. */
const serialisation: ReadonlySet<string> = new Set(['40001', '40P01', '25P02'])

/** SQLSTATE classes and codes that mean "not now" or "not this disk". A read-only file system is 42501, a damaged page XX. */
const unavailable =
  /^(?:08...|25P0[34]|28...|3D000|42501|53...|57P..|57014|58...|25006|40003|XX00[012]|ECONN\w+|EHOST\w+|ENET\w+|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/
const unavailableMessage =
  /timeout exceeded when trying to connect|hot standby|Query read timeout|Connection terminated|Client has encountered|Client was closed|Cannot use a pool after calling end/

const isUnavailable = (error: unknown) =>
  unavailable.test(codeOf(error)) || unavailableMessage.test((error as Error).message)

/** Whether no transaction could have succeeded. A statement that was cancelled or met a damaged page concerns its transaction only. */
export const isStoreWide = (error: unknown) => isUnavailable(error) && !/^(?:57014|XX00[012])$/.test(codeOf(error))

export function translate(error: unknown): never {
  // A transaction that still loses conflicts after all retries is refused; the caller may come back.
  if (isUnavailable(error) || classify(error) === 'serialisation')
    throw Object.assign(serviceUnavailable(), { cause: error })
  throw error
}

/** Whether a statement was prepared before the schema changed. A new connection prepares it again. */
export function isStalePlan(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === '26000' || (code === '0A000' && message?.includes('cached plan') === true)
}

/** Connections that were opened while a database was read-only stay so after it has become writable. */
export const isReadOnly = (error: unknown): boolean => (error as { code?: string }).code === '25006'

const codeOf = (error: unknown) => (error as { code?: string }).code ?? ''
