/** Explanations of refused signatures, in the response with BELFRY_EXPLAIN_SIGNATURES and in the debug log. */
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/primitives/digest.ts'
import { basicTime, canonicalRequest, sign, signingKey, stringToSign } from '../../src/identity/canonical.ts'
import { toHeaders } from '../../src/wire/request.ts'
import { useBelfry } from '../support/belfry.ts'
import { type RawRequest, send, signByHand, signRaw } from '../support/raw.ts'
import { mismatch } from '../support/signing.ts'

const { belfry: explaining, tenant } = await useBelfry({
  EXPLAIN_SIGNATURES: '1',
  PUBLIC_URL: 'https://chime.example.net/chime/',
})
const { belfry: silent, tenant: other } = await useBelfry()

/** Sends a request with a signature for another one. @param forge changes the canonical request before it is signed */
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

describe('the explanation names the difference', () => {
  test.each<[string, RawRequest, (canonical: string[]) => string[], string]>([
    [
      'if the public host was signed',
      { path: '/accounts' },
      replaced(/^host:.*/, 'host:chime.example.net'),
      "The host that was signed is 'chime.example.net', but the request came for '127.0.0.1:",
    ],
    [
      'if the path prefix of the public URL was signed',
      { path: '/accounts?max-results=1' },
      replaced(/^\/accounts$/, '/chime/accounts'),
      "The path that was signed begins with '/chime', but the request came without it",
    ],
    [
      'if the path prefix and the host of the public URL were signed',
      { path: '/accounts/a%20b' },
      (canonical) => replaced(/^host:.*/, 'host:chime.example.net')(replaced(/^(\/accounts\/)/, '/chime$1')(canonical)),
      "The path that was signed begins with '/chime', but the request came without it",
    ],
    [
      'if the path prefix of the public URL was added',
      { path: '/chime/accounts' },
      line(1, '/accounts'),
      "The path was signed without '/chime', but the request came with it",
    ],
    [
      'if a forwarded host was signed',
      { path: '/accounts', headers: { 'X-Forwarded-Host': 'a.example' } },
      replaced(/^host:.*/, 'host:a.example'),
      "The host that was signed is 'a.example'",
    ],
    [
      'if the host was signed without its port',
      { path: '/accounts' },
      replaced(/^host:(.*):\d+/, 'host:$1'),
      "The host that was signed is '127.0.0.1', but",
    ],
    [
      'if the path was encoded only once',
      { path: '/accounts/a%20b' },
      line(1, '/accounts/a%20b'),
      'The path was signed as it was sent',
    ],
    [
      'if the path was not encoded',
      { path: '/accounts/a%20b' },
      line(1, '/accounts/a b'),
      'The path was signed before it was encoded',
    ],
    [
      'if the query was not sorted',
      { path: '/accounts?name=b&max-results=1' },
      line(2, 'name=b&max-results=1'),
      'The query was signed as it was sent',
    ],
    ['if the query was not signed', { path: '/accounts?max-results=1' }, line(2, ''), 'The query was not signed'],
    ['if the body was not signed', put, line(-1, sha256('')), 'The body was not signed'],
    ['if the payload was declared unsigned', put, line(-1, 'UNSIGNED-PAYLOAD'), 'UNSIGNED-PAYLOAD'],
    [
      'if another body was signed',
      { ...put, headers: { 'X-Amz-Content-Sha256': sha256('{"Name":"B"}') } },
      line(-1, sha256('{"Name":"B"}')),
      'The body is not the one that was signed',
    ],
  ])('%s', async (_, sent, forge, finding) => {
    expect(await explanationOf(signOther(sent, forge))).toContain(finding)
  })

  test('if an unsigned header declares another body hash', async () => {
    const sent = { ...put, headers: { 'X-Amz-Content-Sha256': sha256('other') } }
    expect(await explanationOf(signOther(sent, (canonical) => canonical))).toContain(
      'The body is not the one that x-amz-content-sha256 declares',
    )
  })

  test('if the signed headers were not sorted', async () => {
    const sorted = canonicalLinesSorted
    expect(await explanationOf(signOther({ path: '/accounts' }, sorted, ['x-amz-date', 'host']))).toContain(
      'The headers were signed in the order of their names',
    )
  })

  test('if only the secret access key differs', async () => {
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

describe('the message of the response', () => {
  test('has the wording of AWS, the canonical request and the string to sign', async () => {
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
    expect(message).toMatch(/The time that was signed is (?:\d+ s behind )?the server's\.$/)
    expect(message).not.toContain('a-session-token')
    expect(message).not.toContain(/Signature=(\w+)/.exec(right.headers.Authorization)?.[1])
  })

  test.each([
    [-100, /The time that was signed is 1\d\d s behind the server's\.$/],
    [100, /The time that was signed is \d+ s ahead of the server's\.$/],
  ])('tells on which side the clock of the client is, which is off by %i s', async (seconds, sentence) => {
    const time = basicTime(new Date(tenant.now().getTime() + seconds * 1000))
    const raw = { path: '/accounts', headers: { 'X-Amz-Date': time } }
    const wrong = { ...tenant.credentials, secretAccessKey: 'wrong' }
    expect(await explanationOf(signByHand(explaining.url, wrong, time, raw))).toMatch(sentence)
  })

  test('is only the sentence of AWS in the header', async () => {
    const wrong = { ...tenant.credentials, secretAccessKey: 'wrong' }
    const { headers } = await send(explaining.url, signRaw(explaining.url, wrong, { path: '/accounts' }))
    expect(headers['x-amzn-errormessage']).toMatch(/^The request signature we calculated .* for details\.$/)
  })

  test('explains nothing for an unknown access key', async () => {
    const stranger = { accessKeyId: 'AKIAXXXXXXXXXXXXXXXX', secretAccessKey: 'wrong' }
    const { json } = await send(explaining.url, signRaw(explaining.url, stranger, { path: '/accounts' }))
    expect(json['message']).toBe('The security token included in the request is invalid.')
  })

  test('explains nothing unless the setting is on', async () => {
    const wrong = { ...other.credentials, secretAccessKey: 'wrong' }
    const { json } = await send(silent.url, signRaw(silent.url, wrong, { path: '/accounts' }))
    expect(json['message']).toMatch(/^The request signature we calculated .* for details\.$/)
  })
})

describe('the debug log', () => {
  const explanations = () =>
    silent.log
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'signature refused')

  test('has the canonical request with the values masked', async () => {
    const wrong = { ...other.credentials, secretAccessKey: 'wrong' }
    const path = '/accounts/ann%40example.com/users?user-email=ann%40example.com&operation=add&odd=value'
    const time = basicTime(new Date(other.now().getTime() - 60_000))
    const headers = { 'X-Amz-Date': time, 'X-Odd': 'ann@example.com' }
    const answer = await send(silent.url, signByHand(silent.url, wrong, time, { path, headers }))
    expect(explanations().find(({ requestId }) => requestId === answer.headers['x-amzn-requestid'])).toMatchObject({
      level: 20,
      error: 'InvalidSignatureException',
      clockOffsetSeconds: expect.toSatisfy((seconds: number) => seconds <= -59 && seconds > -65) as number,
      canonicalRequest: `GET\n/accounts/***(19)/users\n***(3)=***(5)&operation=add&user-email=***(17)\nhost:${new URL(silent.url).host}\nx-amz-date:${time}\nx-odd:***(15)\n\nhost;x-amz-date;x-odd\n${sha256('')}`,
      stringToSign: expect.stringMatching(/^AWS4-HMAC-SHA256\n/) as string,
      findings: [expect.stringContaining('the secret access key is another one')],
    })
  })

  test('names a wrong clock and an unknown access key', async () => {
    const before = explanations().length
    const late = basicTime(new Date(other.now().getTime() - 3_600_000))
    await send(
      silent.url,
      signByHand(silent.url, other.credentials, late, { path: '/accounts', headers: { 'X-Amz-Date': late } }),
    )
    const stranger = { accessKeyId: 'AKIAXXXXXXXXXXXXXXXX', secretAccessKey: 'wrong' }
    await send(silent.url, signRaw(silent.url, stranger, { path: '/accounts' }))
    const [clock, key] = explanations().slice(before)
    expect(clock?.['clockOffsetSeconds']).toBeLessThanOrEqual(-3_599)
    expect(clock?.['findings']).toEqual([expect.stringContaining('The signature fits')])
    expect(key?.['findings']).toEqual(['The access key is not known here.'])
  })
})
