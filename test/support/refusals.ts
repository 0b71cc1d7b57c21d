/** Checks that no operation returns an error that its contract does not list. */
import type { ErrorName } from '../../src/contract/errors.ts'
import { type OperationName, contracts } from '../../src/domains/contracts.ts'

/**
 * Errors of any operation between routing and running it. Earlier errors (signature, key, rate, route, size) are logged
 * without an operation; later ones must be in the contract.
 */
const beforeItRuns: readonly ErrorName[] = [
  'AccessDeniedException', // by the policy of the key, as IAM did
  'UnsupportedMediaTypeException', // a multipart body
]

interface Line {
  operation?: OperationName
  error?: ErrorName
}

type Refusal = Required<Line>

/** The errors that operations returned. @param log the lines of a server's log, each in JSON */
export const readRefusals = (log: readonly string[]): Refusal[] =>
  log
    .map((line) => JSON.parse(line) as Line)
    .filter((line): line is Refusal => line.error !== undefined && Object.hasOwn(contracts, line.operation ?? ''))

/** Throws an error that names every unlisted pair of operation and error. */
export function assertListed(refusals: readonly Refusal[]): void {
  const unlisted = refusals.filter(({ operation, error }) => !mayAnswer(operation, error))
  const pairs = new Set(unlisted.map(({ operation, error }) => `${operation} answered ${error}`))
  if (pairs.size > 0) throw new Error(`Errors that the contract does not list: ${[...pairs].join(', ')}`)
}

function mayAnswer(operation: OperationName, error: ErrorName): boolean {
  const allowed: readonly ErrorName[] = [...contracts[operation].errors, ...beforeItRuns]
  return allowed.includes(error)
}
