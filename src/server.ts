/** The composition root: puts the parts together, starts them, and stops them in order. */
import type { IncomingMessage, Server } from 'node:http'
import type { Config } from './config.ts'
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
import { StartError, type Store, explainDatabase, openStore } from './open-store.ts'
import { createOutbound } from './outbound/outbound.ts'
import type { OperationSettings } from './domains/operation.ts'
import type { Outbound } from './domains/outbound.ts'
import { type Edge, createEdge } from './service/http.ts'
import { createListener, listen } from './service/listener.ts'
import { serveWebhook } from './service/incoming-webhook.ts'
import type { Request } from './wire/request.ts'
import { recordTurnedAway } from './service/load-shedding.ts'
import { answerScrape } from './service/metrics-endpoint.ts'
import { serve } from './service/serve.ts'
import type { Service } from './service/service.ts'
import { type CertificateFiles, readAuthorities, readCertificate } from './service/tls.ts'
import { serveTraced } from './service/traced.ts'
import { watchCertificate } from './service/watch-certificate.ts'
import { type Clock, systemClock } from './primitives/clock.ts'
import { once } from './primitives/once.ts'
import { type Log, openLog } from './telemetry/log.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { logRefusal } from './telemetry/request-log.ts'
import type { Traces } from './telemetry/spans.ts'
import { openTraces } from './telemetry/traces.ts'
import { logUnreadableValues } from './telemetry/unreadable-values.ts'

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
  const { clock = systemClock } = options
  const log = options.log ?? (await openLog(config.LOG_LEVEL, config.LOG_FORMAT))
  const files = certificateFiles(config)
  const certificate = files && readCertificate(files)
  const { database, sealer } = await openStore(config)
  try {
    const administrator = await prepareDatabase({ database, sealer }, config, clock().toISOString(), options.prepare)
    const uses = createKeyUses(database)
    const outbound = openOutbound(config)
    const traces = await openTraces(process.env, config.DATABASE.startsWith('sqlite:') ? 'sqlite' : 'postgresql')
    const listener = createListener({ ...listenerOptions(config), certificate })
    const url = await listenOn(listener.server, config)
    // From here on nothing is awaited until the edge is attached, so that no request meets a server without one.
    const parts = { database, sealer, uses, outbound, clock, log }
    const service = createService(config, parts, config.PUBLIC_URL ?? url)
    const edge = createEdge(listener.server, { ...edgeOptions(config, service, traces), clock })
    const { replaceCertificate: take } = listener
    const stopWatching = files && certificate && watchCertificate({ files, certificate, log, take })
    const runner = createJobRunner({ ...service, jobs })
    runner.start()
    uses.start()
    const stopLogging = logUnreadableValues(log)
    const runJobs = async () => void (await Promise.all([runner.runDue(), uses.flush()]))
    const end = async () => {
      stopWatching?.()
      await close(edge, runner, uses, database)
      await traces?.close()
      stopLogging()
    }
    return { url, administrator, database, sealer, runJobs, close: end }
  } catch (error) {
    await database.close()
    throw error
  }
}

function prepareDatabase({ database, sealer }: Store, config: Config, now: string, prepare: ServerOptions['prepare']) {
  const { DATABASE, AWS_ACCOUNT_ID: awsAccountId } = config
  return explainDatabase(DATABASE, async () => {
    await prepare?.(database, awsAccountId, now)
    return database.write((db) => ensureAdministrator(db, sealer, { awsAccountId, now, given: givenKey(config) }))
  })
}

const certificateFiles = ({ TLS_CERT: certFile, TLS_KEY: keyFile }: Config): CertificateFiles | undefined =>
  certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile }

function givenKey({ ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey }: Config) {
  return accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey }
}

interface Parts extends Store {
  uses: KeyUses
  outbound: Outbound
  clock: Clock
  log: Log
}

function createService(config: Config, parts: Parts, publicUrl: string): Service {
  const { database, sealer, uses, outbound, clock, log } = parts
  const authenticator: Authenticator = {
    keyring: createKeyring(database),
    signingKeyOf: createSigningKeys(sealer),
    signatures: { regions: config.REGIONS, clockSkewMs: config.CLOCK_SKEW_SECONDS * 1000 },
    rateLimit: createRateLimit(),
    rates: {
      read: config.REQUESTS_PER_SECOND,
      write: config.WRITES_PER_SECOND ?? config.REQUESTS_PER_SECOND,
    },
    noteUse: uses.note,
  }
  const metrics = createMetrics(database, jobs)
  const { EXPLAIN_SIGNATURES: explainSignatures } = config
  const settings = operationSettings(config, publicUrl)
  return {
    database,
    authenticator,
    settings,
    explainSignatures,
    sealSecret: sealer.seal,
    outbound,
    clock,
    log,
    metrics,
  }
}

const openOutbound = (config: Config) =>
  createOutbound({
    webhookAllow: config.WEBHOOK_ALLOW ?? [],
    webhookCa: config.WEBHOOK_CA_FILE === undefined ? undefined : readAuthorities(config.WEBHOOK_CA_FILE),
    lambdaEndpoint: config.LAMBDA_ENDPOINT,
    smtpUrl: config.SMTP_URL,
    mailFrom: config.MAIL_FROM,
  })

export const operationSettings = (config: Config, publicUrl: string): OperationSettings => ({
  orderDelayMs: config.ORDER_DELAY_MS,
  callingNameDelayMs: config.CALLING_NAME_DELAY_MS,
  callingNameIntervalDays: config.CALLING_NAME_INTERVAL_DAYS,
  deletionQueueDays: config.DELETION_QUEUE_DAYS,
  phoneNumberQuota: config.PHONE_NUMBER_QUOTA,
  journalDays: config.JOURNAL_DAYS,
  restrictedAwsAccounts: config.RESTRICTED_AWS_ACCOUNTS ?? [],
  createUserDirectoryOnly: config.CREATE_USER_DIRECTORY_ONLY,
  publicUrl,
  canMail: config.SMTP_URL !== undefined,
})

const listenerOptions = (config: Config) => ({
  maxConnections: config.MAX_CONNECTIONS,
  headersTimeoutMs: config.HEADERS_TIMEOUT_MS,
  requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
})

const edgeOptions = (config: Config, service: Service, traces: Traces | undefined) => ({
  answer: traces
    ? (request: Request) => serveTraced(request, service, traces)
    : (request: Request) => serve(request, service),
  answerWebhook: (request: Request) => serveWebhook(request, service),
  isReady: service.database.isReadable,
  metrics: (incoming: IncomingMessage) => answerScrape(incoming, service.metrics, config.METRICS_TOKEN),
  openApi: once(() => JSON.stringify(describeApis())),
  noteRefusal: (requestId: string, thrown: unknown) => logRefusal(service.log, requestId, thrown),
  load: {
    maxRequests: config.MAX_REQUESTS,
    maxDelayMs: config.MAX_LOOP_DELAY_MS,
    noteTurnedAway: (count: number) => recordTurnedAway(service, count),
  },
  requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
  drainDelayMs: config.DRAIN_DELAY_MS,
})

async function listenOn(server: Server, { HOST, PORT }: Config): Promise<string> {
  try {
    return await listen(server, HOST, PORT)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'EADDRINUSE' ? 'is already in use' : `cannot be listened on (${code})`
    throw new StartError(`The address ${HOST}:${PORT} ${reason}.`, { cause: error })
  }
}

async function close(edge: Edge, runner: JobRunner, uses: KeyUses, database: Database) {
  await edge.drain()
  await runner.stop()
  await uses.stop()
  await database.close()
}
