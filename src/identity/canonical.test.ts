/** A request gets the same signature here as from other signers. */
import { Chime } from '@aws-sdk/client-chime'
import { SignatureV4 } from '@smithy/signature-v4'
import aws4 from 'aws4'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalRequest, sign, signingKey, stringToSign } from './canonical.ts'
import { type RawRequest, toHeaders } from '../wire/request.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const host = 'chime.example.net'
const at = new Date('2026-07-01T12:34:56Z')
const time = '20260701T123456Z'
const runs = { numRuns: 300 }

/** Encodes as every client of this API does. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

const unicode = fc.string({ unit: 'grapheme', maxLength: 12 })
const segment = fc.oneof(unicode.map(encode), fc.constantFrom('.', '..', '', '%2B12065550100', 'a.b', '~-_'))
const path = fc
  .tuple(fc.array(segment, { maxLength: 6 }), fc.constantFrom('', '/'))
  .map(([segments, end]) => `/${segments.join('/')}${end}`)
/** The other signers keep parameters in objects, and lose a parameter named `__proto__`. */
const name = unicode.filter((text) => text !== '' && text !== '__proto__')
const query = fc.dictionary(name, unicode, { maxKeys: 5, noNullPrototype: true })
/** Header values with runs of blanks, because signing folds them. */
const blanks = fc.constantFrom('a', 'B', '0', ',', ';', '=', '"', ' ', '  ')
const headerName = fc.stringMatching(/^x-[a-z0-9]{1,10}$/)
const headers = fc.dictionary(headerName, fc.string({ unit: blanks, maxLength: 16 }), {
  maxKeys: 4,
  noNullPrototype: true,
})
const body = fc.oneof(fc.constant(''), fc.json(), unicode)
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE')

type Sent = typeof request extends fc.Arbitrary<infer Value> ? Value : never
const request = fc.record({ method, path, query, headers, body })

const toTarget = ({ path, query }: Pick<Sent, 'path' | 'query'>) => {
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`)
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

/** Expects our signature to equal the one that another signer put into `Authorization`. */
function compare(sent: Sent, target: string, signed: Readonly<Record<string, unknown>>) {
  const headers = toHeaders(Object.fromEntries(Object.entries(signed).map(([name, value]) => [name, String(value)])))
  const [authorization = ''] = headers['authorization'] ?? []
  const [, scope = '', signedHeaders = '', signature = ''] =
    /Credential=\w+\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)/.exec(authorization) ?? []
  const raw: RawRequest = { method: sent.method, target, headers, body: Buffer.from(sent.body) }
  const text = stringToSign(time, scope, canonicalRequest(raw, signedHeaders.split(';')))
  expect(sign(signingKey(credentials.secretAccessKey, scope), text)).toBe(signature)
}

test('a request gets the same signature as from the signer of the SDK', async () => {
  const { sha256 } = new Chime({ region: 'us-east-1' }).config
  const signer = new SignatureV4({ service: 'chime', region: 'us-east-1', credentials, sha256 })
  await fc.assert(
    fc.asyncProperty(request, async (sent) => {
      const headers = { host, ...sent.headers }
      const signed = await signer.sign({ protocol: 'http:', hostname: host, ...sent, headers }, { signingDate: at })
      compare(sent, toTarget(sent), signed.headers)
    }),
    runs,
  )
})

test('a request gets the same signature as from aws4', () => {
  fc.assert(
    fc.property(request, (sent) => {
      const { method, body } = sent
      const options = { service: 'chime', region: 'us-east-1', host, method, path: toTarget(sent) }
      const headers = { ...sent.headers, 'X-Amz-Date': time }
      const signed = aws4.sign({ ...options, headers, ...(body !== '' && { body }) }, credentials)
      compare(sent, toTarget(sent), signed.headers as Record<string, unknown>)
    }),
    runs,
  )
})

test('the order of the query parameters does not change the canonical request', () => {
  fc.assert(
    fc.property(request, fc.infiniteStream(fc.nat()), (sent, order) => {
      const shuffled = Object.fromEntries(
        Object.entries(sent.query)
          .map((pair) => ({ pair, at: order.next().value ?? 0 }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ pair }) => pair),
      )
      const canonical = (query: Record<string, string>) =>
        canonicalRequest(
          { method: 'GET', target: toTarget({ ...sent, query }), headers: {}, body: Buffer.alloc(0) },
          [],
        )
      expect(canonical(shuffled)).toBe(canonical(sent.query))
    }),
    runs,
  )
})
