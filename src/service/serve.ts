/** One request, top to bottom. */
import { type ErrorName, ServiceError } from '../contract/errors.ts'
import type { Operation } from '../contract/operation.ts'
import type { Database } from '../database/database.ts'
import { type OperationName, actionOf, contracts } from '../domains/contracts.ts'
import { recordEvent } from '../domains/journal/store.ts'
import { operations, preparations } from '../domains/operations.ts'
import { type Authenticator, authenticate } from '../identity/authenticate.ts'
import { assertAllowed, resourceOf } from '../identity/policy.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Context, OperationSettings, Outside, Preparation, SealSecret } from './handshake.ts'
import { describeChange } from './journal.ts'
import { parseInput, readAddress, readDocument } from './parse.ts'
import { type HttpAnswer, renderError, renderOutput } from './render.ts'
import type { Request } from './request.ts'
import { createRouter } from './route.ts'

export interface Service {
  database: Database
  authenticator: Authenticator
  settings: OperationSettings
  sealSecret: SealSecret
  outside: Outside
  clock: Clock
  log: Log
  metrics: Metrics
}

type Behaviour = (input: unknown, context: Context) => Promise<unknown>
type Prepare = (input: unknown, context: Preparation) => Promise<void>

/** What becomes known of a request, for the log. */
interface Line {
  requestId: string
  principal?: string
  operation?: OperationName
  error?: ErrorName
}

const route = createRouter(contracts)
/** One for each contract: leaving one out does not compile. */
const behaviours: Readonly<Record<OperationName, unknown>> = operations
const prepareFor = (name: OperationName) => (preparations as Partial<Record<OperationName, Prepare>>)[name]

/** Answers a request; never throws. Writes one line to the log, and counts. */
export async function serve(request: Request, service: Service): Promise<HttpAnswer> {
  const started = performance.now()
  const line: Line = { requestId: request.id }
  const answer = await perform(request, service, line).catch((error: unknown) => refuse(error, line, service.log))
  const ms = performance.now() - started
  service.log.info({ ...line, status: answer.status, ms: Math.round(ms) }, 'request')
  service.metrics.countRequest(line.operation ?? 'none', answer.status, ms / 1000)
  return answer
}

async function perform(request: Request, service: Service, line: Line): Promise<HttpAnswer> {
  const time = service.clock()
  const { caller, policies, scope } = await authenticate(request, time, service.authenticator)
  line.principal = caller.principalArn
  const address = readAddress(request)
  const { name, labels } = route(address)
  line.operation = name
  const operation: Operation = contracts[name]
  const document = readDocument(request, operation)
  const resource = resourceOf(operation.resource, labels, caller)
  assertAllowed(policies, { action: actionOf(name), resource, caller, request, scope, time })
  const behaviour = behaviours[name] as Behaviour
  const input = parseInput(operation, labels, address.query, document)
  await prepareFor(name)?.(input, { caller, read: service.database.read, outside: service.outside })
  const output = await transact(service.database, operation, async (db) => {
    // A transaction that is tried again has a time of its own, later than what it lost against.
    const now = service.clock().toISOString()
    const { settings, sealSecret } = service
    const context = { caller, db, now, requestId: request.id, settings, sealSecret }
    const result = await behaviour(input, context)
    const call = { input, output: result }
    if (operation.writes) await recordEvent(db, describeChange(name, operation, call, request, context))
    return result
  })
  if (output instanceof ServiceError) throw output
  return renderOutput(operation, output)
}

const transact = (database: Database, { writes }: Operation, work: Parameters<Database['write']>[0]) =>
  writes ? database.write(work) : database.read(work)

function refuse(error: unknown, line: Line, log: Log): HttpAnswer {
  line.error = error instanceof ServiceError ? error.name : 'ServiceFailureException'
  const cause = error instanceof ServiceError ? error.cause : error
  if (cause !== undefined) log.error({ requestId: line.requestId, err: cause }, 'fault')
  return renderError(error)
}
