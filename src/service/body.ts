/** Reads the body of a request as raw bytes, up to a limit. */
import type { IncomingMessage } from 'node:http'
import { ServiceError } from '../contract/errors.ts'
import type { BodyMemory } from './body-memory.ts'
import { bodyDropped } from './overload.ts'

export const bodyLimit = 1024 * 1024

export const isTooLarge = (incoming: IncomingMessage): boolean =>
  Number(incoming.headers['content-length'] ?? 0) > bodyLimit

/** What can be refused by the head. No client of this API compresses, so nothing is decompressed. */
export function assertAcceptable(incoming: IncomingMessage): void {
  const encoding = incoming.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new ServiceError('UnsupportedMediaTypeException', 'Content-Encoding is not supported')
  if (isTooLarge(incoming)) throw tooLarge(bodyLimit)
}

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

export const noBody = Buffer.alloc(0)

export interface Body {
  bytes: Buffer
  /** To be called when the body is not needed any more. */
  free(): void
}

/** The rest of a body that is refused is discarded as it arrives, until the request times out. */
export async function readBody(incoming: IncomingMessage, limit: number, memory: BodyMemory): Promise<Body> {
  if (incoming.destroyed) throw brokenOff()
  const chunks: Buffer[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    const refuse = (error: ServiceError) => {
      incoming.off('data', read).resume()
      chunks.length = 0
      allotment.free()
      reject(error)
    }
    const allotment = memory.allot(() => refuse(bodyDropped))
    const read = (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) return refuse(tooLarge(limit))
      chunks.push(chunk)
      allotment.grow(chunk.length)
    }
    incoming.on('data', read)
    incoming.on('end', () => {
      allotment.complete()
      resolve({ bytes: Buffer.concat(chunks), free: allotment.free })
    })
    // `close` also follows a complete body, and then there is nothing to reject.
    const breakOff = () => incoming.readableEnded || refuse(brokenOff())
    incoming.on('error', breakOff)
    incoming.on('close', breakOff)
  })
}

const brokenOff = () => new ServiceError('MalformedHttpRequestException', 'The request broke off')

const tooLarge = (limit: number) =>
  new ServiceError('RequestEntityTooLargeException', `The body of a request may have ${limit} bytes at most`)
