/** The composition root: puts the parts together, starts them, and stops them in order. */
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from './config.ts'
import { statusOf } from './contract/errors.ts'
import type { Database } from './database/database.ts'
import { describeApis } from './domains/contracts.ts'
import { jobs } from './domains/jobs.ts'
import { type Administrator, ensureAdministrator } from './identity/access-keys.ts'
import type { Authenticator } from './identity/authenticate.ts'
import { type KeyUses, createKeyUses } from './identity/key-uses.ts'
import { createKeyring } from './identity/keyring.ts'
import { createRateLimit } from './identity/rate-limit.ts'
import type { Sealer } from './identity/sealing.ts'
import { createSigningKeys } from './identity/signing-keys.ts'
import { type JobRunner, createJobRunner } from './jobs/runner.ts'
import { StartError, explainDatabase, openStore } from './open-store.ts'
import { createOutbound } from './outbound/outbound.ts'
import type { OperationSettings } from './domains/operation.ts'
import { type Edge, createEdge } from './service/http.ts'
import { serveWebhook } from './service/incoming-webhook.ts'
import type { Request } from './wire/request.ts'
import { answerScrape } from './service/metrics-endpoint.ts'
import { serve } from './service/serve.ts'
import type { Service } from './service/service.ts'
import { type CertificateFiles, readAuthorities, readCertificate, watchCertificate } from './service/tls.ts'
import { serveTraced } from './service/traced.ts'
import { type Clock, systemClock } from './primitives/clock.ts'
import { type Log, openLog } from './telemetry/log.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { logFault, logRequest } from './telemetry/request-log.ts'
import type { Traces } from './telemetry/spans.ts'
import { openTraces } from './telemetry/traces.ts'

export interface Belfry {
  url: string
  administrator: Administrator
  database: Database
  sealer: Sealer
  /** Does all work that is due by the clock, now. */
  runJobs(): Promise<void>
  /** Drains: stops accepting, finishes what runs, closes the store. */
  close(): Promise<void>
}

export interface ServerOptions {
  clock?: Clock
  log?: Log
  /** Fills a new database before anything is served. */
  prepare?(database: Database, awsAccountId: string, now: string): Promise<void>
}

/** Throws `StartError`, `SealError` or `CertificateError`; then nothing is left open. */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<Belfry> {
  const { clock = systemClock, prepare } = options
  const log = options.log ?? (await openLog(config.LOG_LEVEL, config.LOG_FORMAT))
  const files = certificateFiles(config)
  const certificate = files && readCertificate(files)
  const { database, sealer } = await openStore(config)
  try {
    const now = clock().toISOString()
    const administrator = await explainDatabase(config.DATABASE, async () => {
      await prepare?.(database, config.AWS_ACCOUNT_ID, now)
      return database.write((db) =>
        ensureAdministrator(db, sealer, { awsAccountId: config.AWS_ACCOUNT_ID, now, given: givenKey(config) }),
      )
    })
    const uses = createKeyUses(database)
    const service = createService(config, database, sealer, uses, clock, log)
    const traces = await openTraces(process.env, config.DATABASE.startsWith('sqlite:') ? 'sqlite' : 'postgresql')
    const edge = createEdge({ ...edgeOptions(config, service, traces), clock, certificate })
    const url = await listen(edge, config)
    const stopWatching = files && watchCertificate(files, log, edge.replaceCertificate)
    service.settings.publicUrl ||= url
    const runner = createJobRunner({ ...service, jobs })
    runner.start()
    uses.start()
    const runJobs = async () => void (await Promise.all([runner.runDue(), uses.flush()]))
    const end = async () => {
      stopWatching?.()
      await close(edge, runner, uses, database)
      await traces?.close()
    }
    return { url, administrator, database, sealer, runJobs, close: end }
  } catch (error) {
    await database.close()
    throw error
  }
}

const certificateFiles = ({ TLS_CERT: certFile, TLS_KEY: keyFile }: Config): CertificateFiles | undefined =>
  certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile }

function givenKey({ ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey }: Config) {
  return accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey }
}

function createService(
  config: Config,
  database: Database,
  sealer: Sealer,
  { note }: KeyUses,
  clock: Clock,
  log: Log,
): Service {
  const authenticator: Authenticator = {
    keyring: createKeyring(database),
    signingKeyOf: createSigningKeys(sealer),
    signatures: { regions: config.REGIONS, clockSkewMs: config.CLOCK_SKEW_SECONDS * 1000 },
    rateLimit: createRateLimit(),
    rates: {
      read: config.REQUESTS_PER_SECOND,
      write: config.WRITES_PER_SECOND ?? config.REQUESTS_PER_SECOND,
    },
    noteUse: note,
  }
  const metrics = createMetrics(database, jobs)
  const { EXPLAIN_SIGNATURES: explainSignatures } = config
  const settings = operationSettings(config)
  const said = { settings, explainSignatures, sealSecret: sealer.seal, outbound: outbound(config) }
  return { database, authenticator, ...said, clock, log, metrics }
}

const outbound = (config: Config) =>
  createOutbound({
    webhookAllow: config.WEBHOOK_ALLOW ?? [],
    webhookCa: config.WEBHOOK_CA_FILE === undefined ? undefined : readAuthorities(config.WEBHOOK_CA_FILE),
    lambdaEndpoint: config.LAMBDA_ENDPOINT,
    smtpUrl: config.SMTP_URL,
    mailFrom: config.MAIL_FROM,
  })

const operationSettings = (config: Config): OperationSettings => ({
  orderDelayMs: config.ORDER_DELAY_MS,
  callingNameDelayMs: config.CALLING_NAME_DELAY_MS,
  callingNameIntervalDays: config.CALLING_NAME_INTERVAL_DAYS,
  deletionQueueDays: config.DELETION_QUEUE_DAYS,
  phoneNumberQuota: config.PHONE_NUMBER_QUOTA,
  restrictedAwsAccounts: config.RESTRICTED_AWS_ACCOUNTS ?? [],
  createUserDirectoryOnly: config.CREATE_USER_DIRECTORY_ONLY,
  publicUrl: config.PUBLIC_URL ?? '',
  canMail: config.SMTP_URL !== undefined,
})

const edgeOptions = (config: Config, service: Service, traces: Traces | undefined) => ({
  answer: traces
    ? (request: Request) => serveTraced(request, service, traces)
    : (request: Request) => serve(request, service),
  answerWebhook: (request: Request) => serveWebhook(request, service),
  isReady: () => canRead(service.database),
  metrics: (incoming: IncomingMessage) => answerScrape(incoming, service.metrics, config.METRICS_TOKEN),
  openApi: once(() => JSON.stringify(describeApis())),
  noteRefusal: (requestId: string, thrown: unknown) => noteRefusal(service.log, requestId, thrown),
  load: {
    maxRequests: config.MAX_REQUESTS,
    maxDelayMs: config.MAX_LOOP_DELAY_MS,
    noteTurnedAway: (count: number) => noteTurnedAway(service, count),
  },
  maxConnections: config.MAX_CONNECTIONS,
  headersTimeoutMs: config.HEADERS_TIMEOUT_MS,
  requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
  drainDelayMs: config.DRAIN_DELAY_MS,
})

function noteRefusal(log: Log, requestId: string, thrown: unknown) {
  const error = logFault(log, requestId, thrown)
  logRequest(log, { requestId, error }, statusOf(error), 0)
}

/** One line for many: under such a load the log would be the next burden. */
function noteTurnedAway({ log, metrics }: Service, count: number) {
  log.warn({ count }, 'overloaded: requests were turned away')
  metrics.countTurnedAway(count)
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

const readyWithinMs = 2_000

async function canRead(database: Database): Promise<boolean> {
  const read = database.read((db) => db.selectFrom('access_keys').select('access_key_id').limit(1).execute())
  return Promise.race([read.then(() => true), sleep(readyWithinMs, false, { ref: false })]).catch(() => false)
}

function listen({ server }: Edge, { HOST, PORT, TLS_CERT }: Config): Promise<string> {
  const address = HOST.replace(/^\[(.*)\]$/, '$1')
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is already in use' : `cannot be listened on (${error.code})`
      reject(new StartError(`The address ${HOST}:${PORT} ${reason}.`, { cause: error }))
    })
    server.listen(PORT, address, () => {
      const { port } = server.address() as AddressInfo
      const scheme = TLS_CERT === undefined ? 'http' : 'https'
      resolve(`${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`)
    })
  })
}

async function close(edge: Edge, runner: JobRunner, uses: KeyUses, database: Database) {
  await edge.drain()
  await runner.stop()
  await uses.stop()
  await database.close()
}
