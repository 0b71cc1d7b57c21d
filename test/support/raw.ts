/** Requests without an SDK: sent exactly as written, unsigned or signed by aws4 or by hand. */
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import aws4 from 'aws4'
import { basicTime, canonicalRequest, sign, signingKey, stringToSign } from '../../src/identity/canonical.ts'
import { toHeaders } from '../../src/wire/request.ts'
import type { Tenant } from './belfry.ts'

export interface RawAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: string
  json: Record<string, unknown>
}

export interface RawRequest {
  method?: string
  path: string
  headers?: Record<string, string>
  body?: string | Buffer
}

/** Sends a request with exactly the given path and headers. */
export function send(url: string, { method = 'GET', path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers }, (incoming) => {
      text(incoming).then(
        (answer) =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: answer,
            json: answer === '' ? {} : (JSON.parse(answer) as Record<string, unknown>),
          }),
        reject,
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Signs a request for the tenant and sends it. */
export function sendSigned(url: string, { credentials, now }: Tenant, raw: RawRequest): Promise<RawAnswer> {
  const time = {
    'X-Amz-Date': basicTime(now()),
  }
  const type = raw.body === undefined ? {} : { 'Content-Type': 'application/json' }
  return send(url, signRaw(url, credentials, { ...raw, headers: { ...time, ...type, ...raw.headers } }))
}

/** Calls an operation of Belfry's own API. @param call method and path under `/belfry`, e.g. `GET /events` */
export function callBelfry(url: string, tenant: Tenant, call: string, members?: object): Promise<RawAnswer> {
  const [method = '', path = ''] = call.split(' ')
  const body = members === undefined ? {} : { body: JSON.stringify(members) }
  return sendSigned(url, tenant, { method, path: `/belfry${path}`, ...body })
}

export function signRaw(url: string, credentials: Tenant['credentials'], raw: RawRequest): RawRequest {
  const { host } = new URL(url)
  const { method = 'GET', path, headers = {}, body } = raw
  const signed = aws4.sign(
    { service: 'chime', region: 'us-east-1', host, method, path, headers: { ...headers }, ...(body && { body }) },
    credentials,
  )
  return { method, path, headers: signed.headers as Record<string, string>, ...(body && { body }) }
}

/** Writes bytes to a new connection and returns everything received until it closes. */
export function exchange(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(bytes)
  return text(socket)
}

/** A header that names the tenant's key, without which a request is answered before its body arrives. */
export const namingKeyOf = ({ credentials }: Tenant): string =>
  `Authorization: AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/`

/** Signs exactly the given headers, which aws4 would change. @param time in the form of `X-Amz-Date` */
export function signByHand(
  url: string,
  { accessKeyId, secretAccessKey }: Tenant['credentials'],
  time: string,
  raw: RawRequest,
) {
  const headers = { Host: new URL(url).host, ...raw.headers }
  const names = Object.keys(headers)
    .map((name) => name.toLowerCase())
    .toSorted()
  const body = Buffer.from(raw.body ?? '')
  const request = { method: raw.method ?? 'GET', target: raw.path, headers: toHeaders(headers), body }
  const scope = `${time.slice(0, 8)}/us-east-1/chime/aws4_request`
  const signature = sign(
    signingKey(secretAccessKey, scope),
    stringToSign(time, scope, canonicalRequest(request, names)),
  )
  const parameters = [
    `Credential=${accessKeyId}/${scope}`,
    `SignedHeaders=${names.join(';')}`,
    `Signature=${signature}`,
  ]
  return { ...raw, headers: { ...headers, Authorization: `AWS4-HMAC-SHA256 ${parameters.join(', ')}` } }
}
