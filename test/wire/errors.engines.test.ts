/** Each of the eight errors published for AssociatePhoneNumberWithUser, provoked by a realistic cause. */
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import {
  type Tenant,
  type TestBelfry,
  isSqlite,
  newDatabase,
  runSql,
  startBelfry,
  useBelfry,
} from '../support/belfry.ts'
import { makeInterruptible } from '../support/interruptible-database.ts'
import { refusal } from '../support/errors.ts'
import { changeAccount, givenAssignable } from '../support/given.ts'
import { namingKeyOf, send, sendSigned } from '../support/raw.ts'

type Input = Awaited<ReturnType<typeof givenAssignable>>

const { belfry, tenant, chime } = await useBelfry()
const input = await givenAssignable(belfry, tenant)

/** Sends an association and returns the raw response. */
async function associate(server: TestBelfry, caller: Tenant, { AccountId, UserId, E164PhoneNumber }: Input) {
  const path = `/accounts/${AccountId}/users/${UserId}?operation=associate-phone-number`
  const { status, headers, json } = await sendSigned(server.url, caller, {
    method: 'POST',
    path,
    body: JSON.stringify({ E164PhoneNumber }),
  })
  return {
    status,
    name: headers['x-amzn-errortype'],
    retryAfter: headers['retry-after'],
    id: headers['x-amzn-requestid'],
    ...json,
  }
}

describe('AssociatePhoneNumberWithUser is refused with', () => {
  test('AccessDeniedException if a policy denies the action', async () => {
    const policy = JSON.stringify({ Statement: { Effect: 'Deny', Action: 'chime:Associate*', Resource: '*' } })
    const caller = await belfry.tenant({ awsAccountId: tenant.awsAccountId, policy })
    expect(await associate(belfry, caller, input)).toMatchObject({
      status: 403,
      name: 'AccessDeniedException',
      Code: 'AccessDenied',
      Message: expect.stringContaining('with an explicit deny in an identity-based policy') as string,
    })
  })

  test('BadRequestException if the phone number is malformed', async () => {
    expect(await associate(belfry, tenant, { ...input, E164PhoneNumber: 'abc' })).toMatchObject({
      status: 400,
      name: 'BadRequestException',
      Code: 'BadRequest',
      Message: expect.stringContaining("Value at 'E164PhoneNumber'") as string,
    })
  })

  test('ForbiddenException if the account is suspended', async () => {
    const suspended = await givenAssignable(belfry, tenant)
    await changeAccount(belfry, suspended.AccountId, { account_status: 'Suspended' })
    expect(await associate(belfry, tenant, suspended)).toMatchObject({
      status: 403,
      name: 'ForbiddenException',
      Code: 'Forbidden',
      Message: 'The account is suspended',
    })
  })

  test('NotFoundException if the user does not exist', async () => {
    expect(await associate(belfry, tenant, { ...input, UserId: 'nobody' })).toMatchObject({
      status: 404,
      name: 'NotFoundException',
      Code: 'NotFound',
      Message: "Could not find User with Id 'nobody'",
    })
  })

  test('ThrottledClientException if the key exceeds its rate', async () => {
    const caller = await belfry.tenant({ awsAccountId: tenant.awsAccountId, requestsPerSecond: 1 })
    const answers = await Promise.all(Array.from({ length: 5 }, () => associate(belfry, caller, input)))
    expect(answers).toContainEqual({
      status: 429,
      name: 'ThrottledClientException',
      Code: 'Throttled',
      Message: 'Rate exceeded',
      retryAfter: '1',
      id: expect.any(String) as string,
    })
  })

  test('UnauthorizedClientException if the key is disabled', async () => {
    const caller = await belfry.tenant({ awsAccountId: tenant.awsAccountId, active: false })
    expect(await associate(belfry, caller, input)).toMatchObject({
      status: 401,
      name: 'UnauthorizedClientException',
      Code: 'Unauthorized',
      Message: 'The access key of this request is switched off',
    })
  })

  test('ServiceFailureException after an internal error, which is described only in the log', async () => {
    const broken = await startBelfry()
    const caller = await broken.tenant()
    const assignable = await givenAssignable(broken, caller)
    await damage(broken.databaseUrl)
    const answer = await associate(broken, caller, assignable)
    expect(answer).toMatchObject({
      status: 500,
      name: 'ServiceFailureException',
      Code: 'ServiceFailure',
      Message: 'The service encountered an unexpected error',
    })
    const fault = broken.log.find((line) => line.includes(String(answer.id)) && line.includes('"err"'))
    expect(fault).toContain('assignments')
    expect(fault).not.toContain(assignable.E164PhoneNumber)
  })
})

describe('an unavailable server', () => {
  const unavailable = {
    status: 503,
    name: 'ServiceUnavailableException',
    Code: 'ServiceUnavailable',
    Message: 'The service is temporarily unavailable',
    retryAfter: '1',
  }

  test('returns ServiceUnavailableException until its database is available again', async () => {
    const cut = await makeInterruptible(await newDatabase())
    const server = await startBelfry({ DATABASE: cut.url })
    const caller = await server.tenant()
    const assignable = await givenAssignable(server, caller)
    cut.cut()
    const answer = await associate(server, caller, assignable)
    expect(answer).toMatchObject(unavailable)
    expect(server.log.some((line) => line.includes(String(answer.id)) && line.includes('"err"'))).toBe(true)
    await cut.restore()
    expect(await associate(server, caller, assignable)).toMatchObject({ status: 200 })
    expect(await send(server.url, { path: '/ready' })).toMatchObject({ status: 200 })
  })

  test('completes earlier requests during its shutdown, and returns ServiceUnavailableException to later ones', async () => {
    const server = await startBelfry()
    const named = looksSigned(await server.tenant())
    const begun = await open(server, `POST /accounts HTTP/1.1\r\n${named}Content-Length: 2\r\n\r\n`)
    const late = await open(server, 'GET /accounts HTTP/1.1\r\nHost: x\r\n')
    expect((await send(server.url, { path: '/health' })).status).toBe(200)
    const closed = server.close()
    const probe = () => send(server.url, { path: '/health' }).catch((error: NodeJS.ErrnoException) => error.code)
    await expect.poll(probe).toBe('ECONNREFUSED')
    begun.write('{}')
    late.write('\r\n')
    expect(await text(begun)).toMatch(/^HTTP\/1\.1 403 [^]*\r\nConnection: close\r\n/)
    const refused = await text(late)
    expect(refused).toMatch(/^HTTP\/1\.1 503 [^]*\r\nx-amzn-ErrorType: ServiceUnavailableException\r\n/)
    expect(refused).toContain('{"Code":"ServiceUnavailable","Message":"The server is shutting down"}')
    await closed
  })

  test('closes the connection of an incomplete request during its shutdown', async () => {
    const server = await startBelfry({ REQUEST_TIMEOUT_MS: '300', HEADERS_TIMEOUT_MS: '300' })
    const named = looksSigned(await server.tenant())
    const stalled = await open(server, `POST /accounts HTTP/1.1\r\n${named}Content-Length: 2\r\n\r\n{`)
    expect((await send(server.url, { path: '/health' })).status).toBe(200)
    await server.close()
    expect(await text(stalled)).toBe('')
  })
})

test('an error message of an operation contains no sensitive value', async () => {
  const error = await refusal(chime.inviteUsers({ AccountId: input.AccountId, UserEmailList: ['not an address'] }))
  expect(error.message).toContain("'UserEmailList[0]'")
  expect(error.message).not.toContain('not an address')
})

const looksSigned = (caller: Tenant) => `Host: x\r\n${namingKeyOf(caller)}\r\n`

/** Opens a connection and sends the beginning of a request. */
async function open({ url }: TestBelfry, beginning: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(beginning)
  return socket
}

/** Drops a table to provoke an internal error. */
async function damage(url: string) {
  if (!isSqlite(url)) return runSql(url, 'DROP TABLE assignments')
  const database = new DatabaseSync(url.slice('sqlite:'.length))
  database.exec('DROP TABLE assignments')
  database.close()
}
