/** A proxy that breaks a connection once a request went through, before its answer comes back. */
import { type Proxy, relay, startProxy } from './http-proxy.ts'

export interface Severing extends Proxy {
  /** Breaks the connections of so many requests to come; those after them are answered. */
  sever(requests: number): void
  /** How many requests went through so far. */
  forwarded(): number
}

export async function startSevering(target: string): Promise<Severing> {
  let [severed, forwarded] = [0, 0]
  const proxy = await startProxy((incoming, response) => {
    forwarded++
    const isSevered = severed-- > 0
    relay(target, incoming, response, isSevered ? () => void response.destroy() : undefined)
  })
  return { ...proxy, sever: (requests) => (severed = requests), forwarded: () => forwarded }
}
