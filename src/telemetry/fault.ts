/** What may be said of an error in the log: never anything that a caller sent. */

/** Driver errors keep rows in `detail` and parameters beside it, so only what is named here is taken over. */
export function describeFault(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, errcode, constraint, message, stack = '' } = error as DriverError
  const shown = isHarmless(error) ? message : undefined
  return { type: error.name, message: shown, code, errcode, constraint, stack: frames(stack, message) }
}

interface DriverError extends Error {
  code?: unknown
  errcode?: unknown
  /** Of PostgreSQL. */
  severity?: unknown
  constraint?: unknown
  /** Of the operating system. */
  errno?: unknown
}

/**
 * Whether the words of an error come from the program, its statements or the operating system. All others may repeat
 * what they were about: JSON that did not parse, a value PostgreSQL cannot read, an address that a mail server refused.
 */
function isHarmless(error: DriverError): boolean {
  const { code, severity, errno, name } = error
  if (typeof severity === 'string') return typeof code === 'string' && !code.startsWith(dataException)
  if (code === 'ERR_SQLITE_ERROR' || typeof errno === 'number') return true
  return code === undefined && ours.has(name)
}

/** The class of the errors of PostgreSQL that quote values. */
const dataException = '22'
const ours: ReadonlySet<string> = new Set(['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SealError'])

/** Without the message, which a stack begins with. */
const frames = (stack: string, message: string) =>
  stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n')
