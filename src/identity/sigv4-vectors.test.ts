/** The official test vectors of Signature Version 4: canonical request, string to sign and signature, in header and query. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canonicalRequest, sign, signingKey, stringToSign } from './canonical.ts'
import { type RawRequest, parseQuery, splitTarget } from '../wire/request.ts'

interface Signing {
  creq: string
  sts: string
  sig: string
  /** The request as sent, signature included. */
  sreq: string
}

interface Vector {
  name: string
  context: { credentials: { secret_access_key: string }; normalize: boolean; omit_session_token?: boolean }
  header: Signing
  query?: Signing
}

const file = join(import.meta.dirname, 'sigv4-vectors.json')
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Vector[] }

/** Only S3 does not normalise paths. */
const vectors = cases.filter(({ context }) => context.normalize)
const presigned = vectors.flatMap(({ query, ...vector }) =>
  // Omitted: vectors that add the session token after signing, which no client of this API does.
  query && vector.context.omit_session_token !== true ? [{ ...vector, query }] : [],
)

describe('the signature in the header of', () => {
  test.each(vectors)('$name is the expected one', ({ header, context }) => {
    const request = parse(header.sreq)
    const [, signedHeaders = ''] = /SignedHeaders=([^,]+)/.exec(header.sreq) ?? []
    expectSigned(request, signedHeaders, header, context.credentials.secret_access_key)
  })
})

describe('the signature in the query of', () => {
  test.each(presigned)('$name is the expected one', ({ query, context }) => {
    const request = parse(query.sreq)
    const [, parameters] = splitTarget(request.target)
    const signedHeaders = parseQuery(parameters).find(([name]) => name === 'X-Amz-SignedHeaders')?.[1] ?? ''
    expectSigned(request, signedHeaders, query, context.credentials.secret_access_key)
  })
})

function expectSigned(request: RawRequest, signedHeaders: string, { creq, sts, sig }: Signing, secret: string) {
  const canonical = canonicalRequest(request, signedHeaders.split(';'))
  expect(canonical).toBe(creq)
  const [, time = '', scope = ''] = sts.split('\n')
  expect(stringToSign(time, scope, canonical)).toBe(sts)
  expect(sign(signingKey(secret, scope), sts)).toBe(sig)
}

/** Parses a request of the vectors: UTF-8, line feeds, and header values that continue on the next line. */
function parse(text: string): RawRequest {
  const [head = '', body = ''] = Buffer.from(text).toString('latin1').split(/\n\n/)
  const [line = '', ...fields] = head.replaceAll(/\n\s+/g, ' ').trimEnd().split('\n')
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(line) ?? []
  const headers: Record<string, string[]> = {}
  for (const field of fields) {
    const colon = field.indexOf(':')
    const values = (headers[field.slice(0, colon).toLowerCase()] ??= [])
    values.push(field.slice(colon + 1))
  }
  return { method, target, headers, body: Buffer.from(body, 'latin1') }
}
