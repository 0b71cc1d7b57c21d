/** One request, top to bottom. */
import { ServiceError } from '../contract/errors.ts'
import type { InputOf, Operation } from '../contract/operation.ts'
import type { Db } from '../database/transaction.ts'
import { type OperationName, actionOf, contracts } from '../domains/contracts.ts'
import { recordEvent } from '../domains/journal/store.ts'
import { handlers } from '../domains/handlers.ts'
import { authenticate } from '../identity/authenticate.ts'
import { assertAllowed, resourceOf } from '../identity/policy.ts'
import type { OperationLine } from '../telemetry/request-line.ts'
import { attemptOf, logFault, logRequest } from '../telemetry/request-log.ts'
import { explainRefusal, isToExplain } from './explain.ts'
import type { Caller } from '../domains/operation.ts'
import { describeChange } from './journal.ts'
import { isListing, readPages } from './listings.ts'
import { assertSentOnce, parseInput, readAddress, readDocument } from './parse.ts'
import { renderError, renderOutput } from './render.ts'
import type { HttpAnswer } from '../wire/answer.ts'
import type { Request } from '../wire/request.ts'
import { createRouter } from './route.ts'
import type { Service } from './service.ts'

type Contracts = typeof contracts

const route = createRouter(contracts)

/** Answers a request; never throws. Writes one line to the log, and counts. */
export async function serve(request: Request, service: Service, line = lineOf(request)): Promise<HttpAnswer> {
  const started = performance.now()
  const answer = await perform(request, service, line).catch((error: unknown) => refuse(error, request, line, service))
  const ms = performance.now() - started
  logRequest(service.log, line, answer.status, ms)
  service.metrics.countRequest(line.operation ?? 'none', answer.status, ms / 1000)
  return answer
}

export const lineOf = (request: Request): OperationLine => ({ requestId: request.id, attempt: attemptOf(request) })

async function perform(request: Request, service: Service, line: OperationLine): Promise<HttpAnswer> {
  const time = service.clock()
  const { caller, policies, rates, limitedAs, scope } = await authenticate(request, time, service.authenticator)
  line.principal = caller.principalArn
  const address = readAddress(request)
  assertSentOnce(address.query)
  const { name, labels } = route(address)
  line.operation = name
  const operation: Operation = contracts[name]
  service.authenticator.rateLimit(limitedAs, rates, operation.writes ? 'write' : 'read')
  const document = readDocument(request, operation)
  const resource = resourceOf(operation.resource, labels, caller)
  assertAllowed(policies, { action: actionOf(name), resource, caller, request, scope, time })
  const input = parseInput(contracts[name], labels, address.query, document)
  const output = await run({ name, input, caller, request }, service)
  if (output instanceof ServiceError) throw output
  return renderOutput(operation, output)
}

interface Call<Name extends OperationName> {
  name: Name
  input: InputOf<Contracts[Name]>
  caller: Caller
  request: Request
}

async function run<Name extends OperationName>(call: Call<Name>, service: Service) {
  const { name, input, caller } = call
  const { database, outbound } = service
  const operation: Operation = contracts[name]
  const { prepare, conflictKeys } = handlers[name]
  const { read, scan } = database
  await prepare?.(input, { caller, read, scan, outbound })
  if (operation.writes) return database.write((db) => operate(db, call, service), conflictKeys?.(input, caller))
  if (!isListing(operation)) return read((db) => operate(db, call, service))
  return readPages(input, (from) => scan((db) => operate(db, { ...call, input: from }, service)))
}

async function operate<Name extends OperationName>(
  db: Db,
  { name, input, caller, request }: Call<Name>,
  { clock, settings, sealSecret }: Service,
) {
  // A retried transaction takes a new time, later than the transaction it lost to.
  const now = clock().toISOString()
  const context = { caller, db, now, requestId: request.id, settings, sealSecret }
  const output = await handlers[name].handle(input, context)
  const operation: Operation = contracts[name]
  if (operation.writes) await recordEvent(db, describeChange({ name, operation, input, output, request }, context))
  return output
}

async function refuse(error: unknown, request: Request, line: OperationLine, service: Service): Promise<HttpAnswer> {
  line.error = logFault(service.log, line.requestId, error)
  return renderError(isToExplain(error, service) ? await explainRefusal(error, request, service) : error)
}
