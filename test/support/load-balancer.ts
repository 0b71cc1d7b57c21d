/** A round-robin load balancer over the servers whose readiness probe succeeds. */
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { type Proxy, relay, startProxy } from './http-proxy.ts'

export interface LoadBalancer extends Proxy {
  /** Replaces the list of servers. */
  use(urls: readonly string[]): void
  /** The number of servers whose last readiness probe succeeded. */
  ready(): number
}

const pollMs = 50

export async function startLoadBalancer(): Promise<LoadBalancer> {
  let [servers, ready, turn]: [readonly string[], readonly string[], number] = [[], [], 0]
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const watch = async () => {
    while (!stop.signal.aborted) {
      const answers = await Promise.all(servers.map(isReady))
      ready = servers.filter((_, index) => answers[index])
      await sleep(pollMs)
    }
  }
  void watch()
  const proxy = await startProxy((incoming, response) => {
    const target = ready[turn++ % ready.length]
    if (target === undefined) response.writeHead(503).end()
    else relay(target, incoming, response)
  })
  return { ...proxy, use: (urls) => (servers = urls), ready: () => ready.length }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
