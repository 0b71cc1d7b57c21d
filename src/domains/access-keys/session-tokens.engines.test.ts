/** Temporary credentials. */
import { describe, expect, test } from 'vitest'
import { newSession, newSessionKey } from './rules.ts'
import { findAccessKey, insertAccessKey } from './store.ts'
import { type Tenant, createClient, dayMs, useBelfry } from '../../../test/support/belfry.ts'
import { refused, refusedRaw } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

interface Key {
  AccessKeyId: string
  SecretAccessKey: string | null
}

const { belfry, tenant } = await useBelfry()

const call = (text: string, members?: object, using = tenant) => callBelfry(belfry.url, using, text, members)

let count = 0

async function givenAdministrator(): Promise<string> {
  const name = `p${(count += 1)}`
  await call('POST /principals', { PrincipalName: name, PrincipalType: 'Machine' })
  await call(`PUT /principals/${name}/policies/AdministratorAccess`)
  return name
}

async function givenKey(name: string, members: object = {}): Promise<Key> {
  return (await call(`POST /principals/${name}/access-keys`, members)).json['AccessKey'] as Key
}

const as = ({ AccessKeyId, SecretAccessKey }: Key): Tenant => {
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey ?? '' }
  const systemClockOffset = tenant.now().getTime() - Date.now()
  return { ...tenant, credentials, chime: createClient(belfry.url, credentials, { systemClockOffset }) }
}

const listKeys = async (name: string) => (await call(`GET /principals/${name}/access-keys`)).json['AccessKeys'] as Key[]

interface Session {
  AccessKeyId: string
  SecretAccessKey: string
  SessionToken: string
  Expiration: string
}

async function givenSession(issuer: Tenant, DurationSeconds?: number) {
  const { json } = await call('POST /session-tokens', { DurationSeconds }, issuer)
  const session = json['Credentials'] as Session
  const credentials = {
    accessKeyId: session.AccessKeyId,
    secretAccessKey: session.SecretAccessKey,
    sessionToken: session.SessionToken,
  }
  const systemClockOffset = tenant.now().getTime() - Date.now()
  const chime = createClient(belfry.url, credentials, { systemClockOffset })
  return { ...issuer, credentials, chime, session, clock: chime.config }
}

/** Stores temporary keys as GetSessionToken does, without as many requests. */
async function givenSessions({ awsAccountId, credentials }: Tenant, name: string, count: number, seconds: number) {
  const principal = { aws_account_id: awsAccountId, principal_name: name }
  const now = tenant.now().toISOString()
  await belfry.database.write(async (db) => {
    const issuer = await findAccessKey(db, credentials.accessKeyId)
    for (let made = 0; made < count; made++)
      await insertAccessKey(
        db,
        newSessionKey(principal, newSession(now, seconds), {
          sealSecret: () => 'sealed',
          now,
          ...(issuer && { issuer }),
        }),
      )
  })
}

describe('GetSessionToken', () => {
  test('makes temporary credentials with the permissions of the caller', async () => {
    const session = await givenSession(tenant)
    expect(session.session).toEqual({
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      SessionToken: expect.stringMatching(/^[A-Za-z0-9+/]{128}$/),
      Expiration: expect.stringMatching(/Z$/),
    })
    const hours = (Date.parse(session.session.Expiration) - tenant.now().getTime()) / 3_600_000
    expect(Math.abs(hours - 12)).toBeLessThan(0.1)
    expect((await session.chime.createAccount({ Name: 'x' })).Account?.Name).toBe('x')
    const { json } = await call(`GET /principals/tester/access-keys`)
    const found = (json['AccessKeys'] as Key[]).find((it) => it.AccessKeyId === session.session.AccessKeyId)
    expect(found).toMatchObject({ ExpirationTimestamp: session.session.Expiration, SecretAccessKey: null })
  })

  test('refuses temporary credentials, and so does CreateAccessKey', async () => {
    const session = await givenSession(tenant)
    const forbidden = '403 ForbiddenException Forbidden: Temporary credentials cannot make credentials'
    expect(refusedRaw(await call('POST /session-tokens', {}, session))).toBe(forbidden)
    expect(refusedRaw(await call('POST /principals/tester/access-keys', {}, session))).toBe(forbidden)
  })

  test('refuses a key that has just been switched off, and so does CreateAccessKey', async () => {
    const name = await givenAdministrator()
    const key = as(await givenKey(name))
    await key.chime.listAccounts()
    await call(`POST /principals/${name}/access-keys/${key.credentials.accessKeyId}`, { Status: 'Inactive' })
    const off = '401 UnauthorizedClientException Unauthorized: The access key of this request is switched off'
    expect(refusedRaw(await call('POST /session-tokens', {}, key))).toBe(off)
    expect(refusedRaw(await call(`POST /principals/${name}/access-keys`, {}, key))).toBe(off)
  })

  test('makes credentials that share the rate limit of their key', async () => {
    const key = as(await givenKey(await givenAdministrator(), { RequestsPerSecond: 4 }))
    const sessions = await Promise.all(Array.from({ length: 4 }, () => givenSession(key)))
    const clients = [key, ...sessions, key, ...sessions].map(({ chime }) => chime)
    const ends = await Promise.allSettled(clients.map((chime) => chime.listAccounts()))
    const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as Error).name] : []))
    expect(new Set(reasons)).toEqual(new Set(['ThrottledClientException']))
  })

  test('refuses more than 1,000 valid credentials of one key', async () => {
    const name = await givenAdministrator()
    const key = await givenKey(name)
    const issuer = as(key)
    await givenSessions(issuer, name, 999, 900)
    expect((await call('POST /session-tokens', { DurationSeconds: 3600 }, issuer)).status).toBe(201)
    const limit = 'The limit of 1000 valid temporary keys per access key would be exceeded'
    expect(refusedRaw(await call('POST /session-tokens', {}, issuer))).toBe(
      `400 ResourceLimitExceededException ResourceLimitExceeded: ${limit}`,
    )
    expect((await call('POST /session-tokens', {}, as(await givenKey(name)))).status).toBe(201)
    belfry.advance(901_000)
    expect((await call('POST /session-tokens', {}, issuer)).status).toBe(201)
    const path = `/principals/${name}/access-keys/${key.AccessKeyId}`
    await call(`POST ${path}`, { Status: 'Inactive' })
    expect((await listKeys(name)).filter(({ AccessKeyId }) => AccessKeyId.startsWith('ASIA'))).toHaveLength(1)
  })

  test.each([899, 129_601, 0, 1.5, '900'])('refuses a duration of %j seconds', async (DurationSeconds) => {
    expect(refusedRaw(await call('POST /session-tokens', { DurationSeconds }))).toMatch(
      /^400 BadRequestException.*'DurationSeconds'/,
    )
  })

  test('makes credentials that expire, and are deleted a day later', async () => {
    const name = await givenAdministrator()
    const session = await givenSession(as(await givenKey(name)), 900)
    const listed = async () => (await listKeys(name)).map(({ AccessKeyId }) => AccessKeyId)
    expect((await session.chime.listAccounts()).$metadata.httpStatusCode).toBe(200)
    belfry.advance(901_000)
    session.clock.systemClockOffset = tenant.now().getTime() - Date.now()
    expect(await refused(session.chime.listAccounts())).toMatch(/^403 ExpiredTokenException/)
    await belfry.runJobs()
    expect(await listed()).toContain(session.session.AccessKeyId)
    belfry.advance(dayMs)
    await belfry.runJobs()
    expect(await listed()).not.toContain(session.session.AccessKeyId)
  })

  test.each(['switched off', 'deleted'])('makes credentials that end when their key is %s', async (how) => {
    const name = await givenAdministrator()
    const key = await givenKey(name)
    const session = await givenSession(as(key))
    const path = `/principals/${name}/access-keys/${key.AccessKeyId}`
    if (how === 'deleted') await call(`DELETE ${path}`)
    else await call(`POST ${path}`, { Status: 'Inactive' })
    const ended = () => refused(session.chime.listAccounts())
    await expect.poll(ended, { interval: 20, timeout: 1000 }).toMatch(/^403 UnrecognizedClientException/)
  })
})
