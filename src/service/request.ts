import type { RawRequest } from '../wire/request.ts'

export interface Request extends RawRequest {
  /** Lower-case UUID, sent back as `x-amzn-RequestId`. */
  id: string
  sourceIp: string | null
  /** Whether it came over TLS. */
  secure: boolean
}
