/** Why a signature is refused: told to those who may hear it, and nothing that would help anybody else. */
import { beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../src/primitives/digest.ts'
import { basicTime, canonicalRequest, sign, signingKey, stringToSign } from '../../src/identity/canonical.ts'
import { toHeaders } from '../../src/wire/request.ts'
import { type Tenant, type TestBelfry, startBelfry } from '../support/belfry.ts'
import { type RawRequest, send, signByHand, signRaw } from '../support/raw.ts'

let explaining: TestBelfry
let silent: TestBelfry
let tenant: Tenant
let other: Tenant

beforeAll(async () => {
  explaining = await startBelfry({ EXPLAIN_SIGNATURES: '1', PUBLIC_URL: 'https://chime.example.net' })
  silent = await startBelfry()
  tenant = await explaining.tenant()
  other = await silent.tenant()
})

const mismatch =
  /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret/

/** Signs one thing and sends another. `forge` changes the canonical request before it is signed. */
function signOther(sent: RawRequest, forge: (canonical: string[]) => string[], signedHeaders = ['host', 'x-amz-date']) {
  const { host } = new URL(explaining.url)
  const time = basicTime(tenant.now())
  const scope = `${time.slice(0, 8)}/us-east-1/chime/aws4_request`
  const headers = { Host: host, 'X-Amz-Date': time, ...sent.headers }
  const request = {
    method: sent.method ?? 'GET',
    target: sent.path,
    headers: toHeaders(headers),
    body: Buffer.from(sent.body ?? ''),
  }
  const canonical = forge(canonicalRequest(request, signedHeaders).split('\n')).join('\n')
  const signature = sign(signingKey(tenant.credentials.secretAccessKey, scope), stringToSign(time, scope, canonical))
  const credential = `Credential=${tenant.credentials.accessKeyId}/${scope}`
  const Authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
  return { ...sent, headers: { ...headers, Authorization } }
}

const explanationOf = async (request: RawRequest) => {
  const { status, headers, json } = await send(explaining.url, request)
  expect([status, headers['x-amzn-errortype']]).toEqual([403, 'InvalidSignatureException'])
  return String(json['message'])
}

const put = { method: 'POST', path: '/accounts', headers: { 'Content-Type': 'application/json' }, body: '{"Name":"A"}' }
const line = (at: number, text: string) => (canonical: string[]) => canonical.with(at, text)
const replaced = (pattern: RegExp, text: string) => (canonical: string[]) =>
  canonical.map((part) => part.replace(pattern, text))

describe('the part that differs', () => {
  test.each<[string, RawRequest, (canonical: string[]) => string[], string]>([
    [
      'the public host',
      { path: '/accounts' },
      replaced(/^host:.*/, 'host:chime.example.net'),
      "The host that was signed is 'chime.example.net', but the request came for '127.0.0.1:",
    ],
    [
      'a forwarded host',
      { path: '/accounts', headers: { 'X-Forwarded-Host': 'a.example' } },
      replaced(/^host:.*/, 'host:a.example'),
      "The host that was signed is 'a.example'",
    ],
    [
      'a host without its port',
      { path: '/accounts' },
      replaced(/^host:(.*):\d+/, 'host:$1'),
      "The host that was signed is '127.0.0.1', but",
    ],
    [
      'a path encoded once',
      { path: '/accounts/a%20b' },
      line(1, '/accounts/a%20b'),
      'The path was signed as it was sent',
    ],
    [
      'a path not encoded',
      { path: '/accounts/a%20b' },
      line(1, '/accounts/a b'),
      'The path was signed before it was encoded',
    ],
    [
      'a query not sorted',
      { path: '/accounts?name=b&max-results=1' },
      line(2, 'name=b&max-results=1'),
      'The query was signed as it was sent',
    ],
    ['no query', { path: '/accounts?max-results=1' }, line(2, ''), 'The query was not signed'],
    ['no body', put, line(-1, sha256('')), 'The body was not signed'],
    ['an unsigned payload', put, line(-1, 'UNSIGNED-PAYLOAD'), 'UNSIGNED-PAYLOAD'],
    [
      'another body',
      { ...put, headers: { 'X-Amz-Content-Sha256': sha256('{"Name":"B"}') } },
      line(-1, sha256('{"Name":"B"}')),
      'The body is not the one that was signed',
    ],
  ])('%s', async (_, sent, forge, finding) => {
    expect(await explanationOf(signOther(sent, forge))).toContain(finding)
  })

  test('a declared hash that is not signed', async () => {
    const sent = { ...put, headers: { 'X-Amz-Content-Sha256': sha256('other') } }
    expect(await explanationOf(signOther(sent, (canonical) => canonical))).toContain(
      'The body is not the one that x-amz-content-sha256 declares',
    )
  })

  test('headers out of order', async () => {
    const sorted = canonicalLinesSorted
    expect(await explanationOf(signOther({ path: '/accounts' }, sorted, ['x-amz-date', 'host']))).toContain(
      'The headers were signed in the order of their names',
    )
  })

  test('none: another secret', async () => {
    const message = await explanationOf(
      signRaw(explaining.url, { ...tenant.credentials, secretAccessKey: 'wrong' }, { path: '/accounts' }),
    )
    expect(message).toContain('the secret access key is another one')
  })
})

const canonicalLinesSorted = (canonical: string[]) => [
  ...canonical.slice(0, 3),
  ...canonical.slice(3, 5).toSorted(),
  '',
  'host;x-amz-date',
  canonical.at(-1) ?? '',
]

describe('in the answer', () => {
  test('as AWS words it, and exactly what is to be signed', async () => {
    const { credentials } = await explaining.tenant({ sessionToken: 'a-session-token' })
    const time = basicTime(tenant.now())
    const raw = { path: '/accounts', headers: { 'X-Amz-Date': time, 'X-Amz-Security-Token': 'a-session-token' } }
    const right = signByHand(explaining.url, credentials, time, raw)
    const message = await explanationOf(
      signByHand(explaining.url, { ...credentials, secretAccessKey: 'wrong' }, time, raw),
    )
    const host = new URL(explaining.url).host
    expect(message).toMatch(mismatch)
    expect(message).toContain(
      `The Canonical String for this request should have been\n'GET\n/accounts\n\nhost:${host}\nx-amz-date:${time}\nx-amz-security-token:***\n\nhost;x-amz-date;x-amz-security-token\n${sha256('')}'`,
    )
    expect(message).toContain(`The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n${time}\n`)
    expect(message).toMatch(/The time that was signed is -?[01] s ahead of the server's\.$/)
    expect(message).not.toContain('a-session-token')
    expect(message).not.toContain(/Signature=(\w+)/.exec(right.headers.Authorization)?.[1])
  })

  test('nothing about a key that is not known', async () => {
    const stranger = { accessKeyId: 'AKIAXXXXXXXXXXXXXXXX', secretAccessKey: 'wrong' }
    const { json } = await send(explaining.url, signRaw(explaining.url, stranger, { path: '/accounts' }))
    expect(json['message']).toBe('The security token included in the request is invalid.')
  })

  test('nothing at all unless it was asked for', async () => {
    const wrong = { ...other.credentials, secretAccessKey: 'wrong' }
    const { json } = await send(silent.url, signRaw(silent.url, wrong, { path: '/accounts' }))
    expect(json['message']).toMatch(/^The request signature we calculated .* for details\.$/)
  })
})

describe('in the log', () => {
  const told = () =>
    silent.log
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'signature refused')

  test('the form of what is to be signed, without what was sent', async () => {
    const wrong = { ...other.credentials, secretAccessKey: 'wrong' }
    const path = '/accounts/ann%40example.com/users?user-email=ann%40example.com&operation=add&odd=value'
    const time = basicTime(new Date(other.now().getTime() - 60_000))
    const headers = { 'X-Amz-Date': time, 'X-Odd': 'ann@example.com' }
    const answer = await send(silent.url, signByHand(silent.url, wrong, time, { path, headers }))
    expect(told().find(({ requestId }) => requestId === answer.headers['x-amzn-requestid'])).toMatchObject({
      level: 20,
      error: 'InvalidSignatureException',
      clockOffsetSeconds: expect.toSatisfy((seconds: number) => seconds <= -59 && seconds > -65) as number,
      canonicalRequest: `GET\n/accounts/***(19)/users\n***(3)=***(5)&operation=add&user-email=***(17)\nhost:${new URL(silent.url).host}\nx-amz-date:${time}\nx-odd:***(15)\n\nhost;x-amz-date;x-odd\n${sha256('')}`,
      stringToSign: expect.stringMatching(/^AWS4-HMAC-SHA256\n/) as string,
      findings: [expect.stringContaining('the secret access key is another one')],
    })
  })

  test('a clock that is wrong, and a key that is not known', async () => {
    const before = told().length
    const late = basicTime(new Date(other.now().getTime() - 3_600_000))
    await send(
      silent.url,
      signByHand(silent.url, other.credentials, late, { path: '/accounts', headers: { 'X-Amz-Date': late } }),
    )
    const stranger = { accessKeyId: 'AKIAXXXXXXXXXXXXXXXX', secretAccessKey: 'wrong' }
    await send(silent.url, signRaw(silent.url, stranger, { path: '/accounts' }))
    const [clock, key] = told().slice(before)
    expect(clock?.['clockOffsetSeconds']).toBeLessThanOrEqual(-3_599)
    expect(clock?.['findings']).toEqual([expect.stringContaining('The signature fits')])
    expect(key?.['findings']).toEqual(['The access key is not known here.'])
  })
})
