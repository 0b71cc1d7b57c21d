/** A proxy that forwards a request and then drops the connection before the response reaches the client. */
import { type Proxy, relay, startProxy } from './http-proxy.ts'

export interface ResponseDroppingProxy extends Proxy {
  /** Drops the responses of the next requests. */
  dropResponses(requests: number): void
  /** The number of requests forwarded so far. */
  forwarded(): number
}

export async function startResponseDroppingProxy(target: string): Promise<ResponseDroppingProxy> {
  let [toDrop, forwarded] = [0, 0]
  const proxy = await startProxy((incoming, response) => {
    forwarded++
    const isDropped = toDrop-- > 0
    relay(target, incoming, response, isDropped ? () => void response.destroy() : undefined)
  })
  return { ...proxy, dropResponses: (requests) => (toDrop = requests), forwarded: () => forwarded }
}
