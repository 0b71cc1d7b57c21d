/** Unsigned requests by monitors, load balancers and client generators. */
import type { IncomingMessage } from 'node:http'
import type { HttpAnswer } from '../wire/answer.ts'
import { originForm } from '../wire/request.ts'

export interface ProbeOptions {
  /** Whether the store can be read. */
  isReady(): Promise<boolean>
  /** The contracts, for client authors. */
  openApi(): string
  /** Rejects for a peer that may not read them. */
  metrics(incoming: IncomingMessage): Promise<HttpAnswer>
}

type Probe = (options: ProbeOptions, incoming: IncomingMessage) => Promise<HttpAnswer>

export function findProbe({ method, url = '' }: IncomingMessage): Probe | undefined {
  const probe = probes.get(originForm(url))
  return method === 'GET' || method === 'HEAD' ? probe : undefined
}

const probes: ReadonlyMap<string, Probe> = new Map<string, Probe>([
  ['/health', async () => state(200, 'up')],
  ['/openapi.json', async ({ openApi }) => ({ status: 200, headers: {}, body: openApi() })],
  ['/metrics', ({ metrics }, incoming) => metrics(incoming)],
  ['/ready', async ({ isReady }) => ((await isReady()) ? state(200, 'ready') : state(503, 'unavailable'))],
])

const state = (status: number, text: string): HttpAnswer => ({
  status,
  headers: {},
  body: JSON.stringify({ status: text }),
})
