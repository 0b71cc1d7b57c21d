/** Reads the body of a request as raw bytes, up to a limit. */
import type { IncomingMessage } from 'node:http'
import { ServiceError } from '../contract/errors.ts'

export const bodyLimit = 1024 * 1024

export const isTooLarge = (incoming: IncomingMessage): boolean =>
  Number(incoming.headers['content-length'] ?? 0) > bodyLimit

/** The rest of a body that is too large is discarded as it arrives, until the request times out. */
export async function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  assertIdentity(incoming)
  if (isTooLarge(incoming)) throw tooLarge(bodyLimit)
  if (limit === 0 || !hasBody(incoming)) return nothing
  const chunks: Buffer[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else reject(tooLarge(limit))
    })
    incoming.on('end', () => resolve(Buffer.concat(chunks)))
    // `close` also follows a complete body, and then there is nothing to reject.
    const breakOff = () => incoming.readableEnded || reject(brokenOff())
    incoming.on('error', breakOff)
    incoming.on('close', breakOff)
  })
}

const nothing = Buffer.alloc(0)
const brokenOff = () => new ServiceError('MalformedHttpRequestException', 'The request broke off')

const hasBody = ({ headers }: IncomingMessage) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

/** The body of an unsigned request is not read, because the request will be refused. */
export const isSigned = ({ url = '', headers }: IncomingMessage): boolean =>
  headers.authorization?.startsWith('AWS4-') === true || url.includes('X-Amz-Algorithm=')

const tooLarge = (limit: number) =>
  new ServiceError('RequestEntityTooLargeException', `The body of a request may have ${limit} bytes at most`)

/** No client of this API compresses, so nothing is decompressed. */
function assertIdentity({ headers }: IncomingMessage) {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new ServiceError('UnsupportedMediaTypeException', 'Content-Encoding is not supported')
}
