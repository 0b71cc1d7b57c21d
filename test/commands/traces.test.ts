/** Traces as an OpenTelemetry collector receives them. */
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { Chime } from '@aws-sdk/client-chime'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { signRaw, send } from '../support/raw.ts'
import { folderOfTest } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'

interface Span {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  kind: number
  status: { code: number }
  attributes: { key: string; value: Record<string, unknown> }[]
}

interface Export {
  resourceSpans: { resource: Pick<Span, 'attributes'>; scopeSpans: { spans: Span[] }[] }[]
}

let folder: string

beforeEach(() => {
  folder = folderOfTest()
})

/** Starts a collector that keeps the traces it receives. */
async function startCollector() {
  const received: { path: string | undefined; document: Export }[] = []
  const take = async (incoming: IncomingMessage, response: ServerResponse) => {
    received.push({ path: incoming.url, document: (await json(incoming)) as Export })
    response.setHeader('Content-Type', 'application/json').end('{}')
  }
  const server = createServer((incoming, response) => void take(incoming, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

const credentials = { accessKeyId: 'AKIAADMINISTRATOR', secretAccessKey: 'the-secret-of-the-administrator' }

const startTraced = (environment: Record<string, string>) =>
  startProcess(['serve', '--port', '0'], {
    cwd: folder,
    environment: {
      BELFRY_ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
      BELFRY_ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...environment,
    },
  })

const clientOf = (endpoint: string) => new Chime({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })

const attributesOf = ({ attributes }: Pick<Span, 'attributes'>) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

test('the server exports a span for each request and its transaction as children of the span of the caller', async () => {
  const collector = await startCollector()
  const server = await startTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'tower' })
  const chime = clientOf(server.url)
  const { Account } = await chime.createAccount({ Name: 'Traced' })
  const Email = 'ann@example.com'
  await chime.createUser({ AccountId: Account?.AccountId, Email })
  await chime.listUsers({ AccountId: Account?.AccountId, UserEmail: Email })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await send(server.url, signRaw(server.url, credentials, { path: '/accounts/nobody', headers: { traceparent } }))
  await send(server.url, { path: '/accounts' })
  expect(await server.end('SIGTERM')).toBe(0)

  expect(collector.received.map(({ path }) => path)).toContain('/v1/traces')
  const exports = collector.received.flatMap(({ document }) => document.resourceSpans)
  expect(attributesOf(exports[0]?.resource ?? { attributes: [] })).toMatchObject({ 'service.name': 'tower' })
  const spans = exports.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
  const [server2, client] = [spans.filter(({ kind }) => kind === 2), spans.filter(({ kind }) => kind === 3)]
  expect(server2.map(({ name }) => name)).toEqual(['CreateAccount', 'CreateUser', 'ListUsers', 'GetAccount', 'GET'])

  const [created, , , missing, unsigned] = server2
  expect(attributesOf(created ?? { attributes: [] })).toMatchObject({
    'http.request.method': 'POST',
    'http.response.status_code': 201,
    'http.route': '/accounts',
    'rpc.system': 'aws-api',
    'rpc.method': 'CreateAccount',
    'aws.request_id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  })
  expect(client.find(({ parentSpanId }) => parentSpanId === created?.spanId)).toMatchObject({
    name: 'sqlite write',
    traceId: created?.traceId,
  })
  expect(missing).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331' })
  expect(attributesOf(missing ?? { attributes: [] })).toMatchObject({
    'http.response.status_code': 404,
    'http.route': '/accounts/{AccountId}',
    'rpc.response.status_code': 'NotFoundException',
  })
  expect(attributesOf(unsigned ?? { attributes: [] })['http.response.status_code']).toBe(403)
  const all = JSON.stringify(collector.received)
  for (const secret of [Email, encodeURIComponent(Email), credentials.secretAccessKey, Account?.AccountId ?? ''])
    expect(all).not.toContain(secret)
})

test.each<[string, (url: string) => Record<string, string>]>([
  ['no variable is set', () => ({})],
  ['the SDK is disabled', (url) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: 'true' })],
  ['the exporter is none', (url) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_TRACES_EXPORTER: 'none' })],
])('the server exports no traces if %s', async (_, environment) => {
  const collector = await startCollector()
  const server = await startTraced(environment(collector.url))
  await clientOf(server.url).listAccounts()
  expect(await server.end('SIGTERM')).toBe(0)
  expect(collector.received).toEqual([])
})

test('an unreachable collector delays neither requests nor the shutdown', async () => {
  const server = await startTraced({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:9/v1/traces' })
  await clientOf(server.url).listAccounts()
  expect(await server.end('SIGTERM')).toBe(0)
})
