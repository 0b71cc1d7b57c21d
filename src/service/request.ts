import type { RawRequest } from '../identity/canonical.ts'

export interface Request extends RawRequest {
  /** Lower-case UUID, sent back as `x-amzn-RequestId`. */
  id: string
  sourceIp: string | null
}

export const headerOf = ({ headers }: RawRequest, name: string): string | undefined =>
  headers.find(([found]) => found.toLowerCase() === name)?.[1]
