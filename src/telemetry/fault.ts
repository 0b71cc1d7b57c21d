/** Describes errors for the log without anything that a caller sent. */

/** Driver errors contain rows and parameters, so only the fields named here are logged. */
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
 * Whether the message of an error comes from the program, its statements or the operating system. Any other may quote
 * input: JSON that does not parse, a value that PostgreSQL cannot read, an address that a mail server refused.
 */
function isHarmless(error: DriverError): boolean {
  const { code, severity, errno, name } = error
  if (typeof severity === 'string') return typeof code === 'string' && !code.startsWith(dataException)
  if (code === 'ERR_SQLITE_ERROR' || typeof errno === 'number') return true
  return code === undefined && ours.has(name)
}

/** PostgreSQL's class of errors that quote values. */
const dataException = '22'
const ours: ReadonlySet<string> = new Set(['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SealError'])

/** Removes the message, with which a stack begins. */
const frames = (stack: string, message: string) =>
  stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n')
