/** A balancer as there are many: it asks each server time and again whether it is ready, and takes turns among those. */
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { type Proxy, relay, startProxy } from './http-proxy.ts'

export interface Balancer extends Proxy {
  /** The servers there are from now on. */
  use(urls: readonly string[]): void
  /** How many of them are ready, as far as it knows. */
  ready(): number
}

const pollMs = 50

export async function startBalancer(): Promise<Balancer> {
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
