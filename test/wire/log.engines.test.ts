/** Log lines of requests and errors, which contain no secrets. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { describeFault } from '../../src/telemetry/fault.ts'
import { toText } from '../../src/telemetry/log-text.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { logFault, logRequest } from '../../src/telemetry/request-log.ts'
import { createClient, startBelfry, useBelfry } from '../support/belfry.ts'
import { givenAccount, givenAssignable, newEmail, uuid } from '../support/given.ts'
import { assertNoLeak } from '../support/leaks.ts'
import { exchange, send, sendSigned } from '../support/raw.ts'
import { noteSecret, secrets } from '../support/secrets.ts'

const { belfry, tenant } = await useBelfry()

type Line = Record<string, unknown>
const lines = () => belfry.log.map((line) => JSON.parse(line) as Line)
const requestsAfter = (count: number) =>
  lines()
    .slice(count)
    .filter(({ msg }) => msg === 'request')

/** Returns the request lines that are logged during an action. */
async function written(act: () => Promise<unknown>): Promise<Line[]> {
  const before = belfry.log.length
  await act()
  return requestsAfter(before)
}

describe('the log has one line for each request', () => {
  const common = {
    level: 30,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    requestId: expect.stringMatching(uuid) as string,
    ms: expect.any(Number) as number,
    msg: 'request',
  }
  const principal = () => `arn:aws:iam::${tenant.awsAccountId}:user/tester`

  test('that succeeds', async () => {
    expect(await written(() => givenAccount(tenant))).toEqual([
      { ...common, operation: 'CreateAccount', principal: principal(), attempt: 1, status: 201 },
    ])
  })

  test('that is refused', async () => {
    const call = () => tenant.chime.getAccount({ AccountId: 'nobody' }).catch(() => {})
    const refused = { operation: 'GetAccount', error: 'NotFoundException', status: 404 }
    expect(await written(call)).toEqual([{ ...common, principal: principal(), attempt: 1, ...refused }])
  })

  test('that is retried, with the number of the attempt', async () => {
    const { credentials } = await belfry.tenant({ requestsPerSecond: 1 })
    const chime = createClient(belfry.url, credentials, { maxAttempts: 4, systemClockOffset: 0 })
    const found = await written(() => Promise.all([chime.listAccounts(), chime.listAccounts()]))
    expect(found).toContainEqual(expect.objectContaining({ status: 429, attempt: 1 }))
    expect(found.filter(({ status }) => status === 200).map(({ attempt }) => attempt)).toEqual([
      1,
      expect.toSatisfy((attempt: number) => attempt > 1) as number,
    ])
  })

  test.each(['attempt=secret; max=3', 'attempt=1000', 'max=3', 'attempt=-1', 'attempt=1e3', 'attempt= 2'])(
    'without an attempt if the SDK header is malformed: %s',
    async (value) => {
      const headers = { 'amz-sdk-request': value }
      const [line] = await written(() => sendSigned(belfry.url, tenant, { path: '/accounts', headers }))
      expect(line).toEqual({ ...common, operation: 'ListAccounts', principal: principal(), status: 200 })
    },
  )

  test.each<[string, string, string, number]>([
    ['malformed HTTP', 'nonsense\r\n\r\n', 'MalformedHttpRequestException', 400],
    ['a CONNECT request', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 'UnknownOperationException', 404],
    [
      'a body that is too large',
      'POST /accounts HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\nConnection: close\r\n\r\n',
      'RequestEntityTooLargeException',
      413,
    ],
    [
      'an unknown expectation',
      'GET / HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\nConnection: close\r\n\r\n',
      'ExpectationFailedException',
      417,
    ],
  ])('that is refused before it is routed: %s', async (_, bytes, error, status) => {
    expect(await written(() => exchange(belfry.url, bytes))).toEqual([{ ...common, error, status }])
  })

  test('for metrics that is refused, but none for probes', async () => {
    const guarded = await startBelfry({ METRICS_TOKEN: 'a-token-of-some-length' })
    for (const path of ['/metrics', '/health', '/ready', '/openapi.json']) await send(guarded.url, { path })
    expect(guarded.log.map((line) => (JSON.parse(line) as Line)['error'])).toEqual(['AccessDeniedException'])
  })

  test('that is refused during the shutdown', async () => {
    const leaving = await startBelfry()
    const socket = connect(Number(new URL(leaving.url).port), '127.0.0.1')
    const head = 'POST /accounts HTTP/1.1\r\nHost: a\r\nAuthorization: AWS4-X a\r\nContent-Length: 2\r\n'
    socket.write(`${head}Expect: 100-continue\r\n\r\n`)
    await once(socket, 'data') // The server waits for the body and therefore keeps the connection open.
    const closed = leaving.close()
    while (await takesConnections(leaving.url)); // It serves until it has closed its listener.
    socket.write('{}GET /accounts HTTP/1.1\r\nHost: a\r\n\r\n')
    await Promise.all([once(socket.resume(), 'close'), closed])
    expect(leaving.log.map((line) => JSON.parse(line) as Line)).toContainEqual({
      ...common,
      level: 50,
      error: 'ServiceUnavailableException',
      status: 503,
    })
  })
})

test('the text format has the same information', async () => {
  let text = ''
  const log = createLog('info', toText({ write: (line) => void (text += line) }))
  const principal = 'arn:aws:iam::111122223333:user/ann'
  logRequest(log, { requestId: 'one', operation: 'GetUser', principal, attempt: 2 }, 200, 3.4)
  logRequest(log, { requestId: 'two', error: 'ServiceFailureException', operation: 'GetUser' }, 500, 3.6)
  logFault(log, 'two', new TypeError('x is not a function'))
  expect(text).toMatch(
    /^\[[\d:.]+\] INFO: 200 {2}GetUser {2}3 ms {2}arn:aws:iam::111122223333:user\/ann {2}attempt 2 {2}one\n\[[\d:.]+\] ERROR: 500 {2}GetUser {2}ServiceFailureException {2}4 ms {2}two\n\[[\d:.]+\] ERROR: fault\n/,
  )
  expect(text).toContain('x is not a function')
  expect(text).toContain('log.engines.test.ts')
})

describe('the leak check', () => {
  test('collects secrets from the wire', async () => {
    const Email = newEmail()
    const { AccountId, UserId, E164PhoneNumber } = await givenAssignable(belfry, tenant)
    await tenant.chime.associatePhoneNumberWithUser({ AccountId, UserId, E164PhoneNumber })
    await tenant.chime.inviteUsers({ AccountId, UserEmailList: [Email] })
    const { User } = await tenant.chime.getUser({ AccountId, UserId })
    const { credentials } = await belfry.tenant({ sessionToken: 'a-session-token' })
    await createClient(belfry.url, credentials).listAccounts()
    expect(User?.PrimaryEmail).toContain('@')
    for (const secret of [Email, E164PhoneNumber, User?.PrimaryEmail, tenant.credentials.secretAccessKey])
      expect(secrets()).toContain(secret)
    expect(secrets()).toContain('a-session-token')
    expect([...secrets()].some((value) => /^[0-9a-f]{64}$/.test(value))).toBe(true)
  })

  test.each(['a "quoted" secret', 'sécret 😀', 'plain-secret'])('finds the secret %s in a log', (secret) => {
    noteSecret(secret)
    for (const text of [secret, `before ${secret} after`, encodeURIComponent(secret)])
      expect(() => assertNoLeak([JSON.stringify({ requestId: 'x', err: { message: text } })])).toThrow(
        'Secrets in the log',
      )
    expect(() => assertNoLeak([JSON.stringify({ requestId: 'x', status: 200 })])).not.toThrow()
  })

  test.each(['ann@example.com', '+12065550100'])('finds an e-mail address or a phone number in a log: %s', (text) => {
    expect(() => assertNoLeak([JSON.stringify({ err: { stack: `Error: of ${text}` } })])).toThrow(text)
  })
})

describe('the description of an error contains no data', () => {
  const secret = 'ann@example.com'
  test.each<[string, () => unknown]>([
    ['of JSON that cannot be parsed', () => JSON.parse(secret)],
    ['of an argument of the wrong type', () => Buffer.from(Symbol(secret) as never)],
    ['of an invalid URL', () => new URL(secret)],
  ])('%s', (_, provoke) => {
    const described = JSON.stringify(describeFault(thrownBy(provoke)))
    expect(described).toContain('log.engines.test.ts')
    expect(described).not.toContain(secret)
  })

  test('of a driver or a mail server', () => {
    const quoting = Object.assign(new Error(`invalid input syntax for type integer: "${secret}"`), {
      code: '22P02',
      severity: 'ERROR',
      detail: secret,
    })
    const naming = Object.assign(new Error('duplicate key value violates unique constraint "users_email"'), {
      code: '23505',
      severity: 'ERROR',
      detail: `Key (email)=(${secret}) already exists.`,
      constraint: 'users_email',
    })
    const mailing = Object.assign(new Error(`550 no such user ${secret}`), { code: 'EENVELOPE', responseCode: 550 })
    expect(JSON.stringify([quoting, naming, mailing].map(describeFault))).not.toContain(secret)
    expect(describeFault(naming)).toMatchObject({ message: naming.message, code: '23505', constraint: 'users_email' })
    expect(describeFault(quoting)).toMatchObject({ message: undefined, code: '22P02' })
  })
})

async function takesConnections(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const taken = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return taken
}

function thrownBy(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}
