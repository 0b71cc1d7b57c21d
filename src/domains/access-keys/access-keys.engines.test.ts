/** Access keys of principals; temporary credentials have a file of their own. */
import { randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Tenant, createClient, startBelfry, useBelfry } from '../../../test/support/belfry.ts'
import { badToken, notFound, refused, refusedRaw } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

interface Key {
  AccessKeyId: string
  SecretAccessKey: string | null
  LastUsedTimestamp: string | null
}

const { belfry, tenant } = await useBelfry()

const call = (text: string, members?: object, using = tenant) => callBelfry(belfry.url, using, text, members)

let count = 0

async function givenPrincipal(): Promise<string> {
  const name = `p${(count += 1)}`
  await call('POST /principals', { PrincipalName: name, PrincipalType: 'Machine' })
  await call(`PUT /principals/${name}/policies/AmazonChimeReadOnly`)
  return name
}

const createKey = (name: string, members: object = {}) => call(`POST /principals/${name}/access-keys`, members)

async function givenKey(name: string): Promise<Key> {
  return (await createKey(name)).json['AccessKey'] as Key
}

const as = ({ AccessKeyId, SecretAccessKey }: Key): Tenant => {
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey ?? '' }
  const systemClockOffset = tenant.now().getTime() - Date.now()
  return { ...tenant, credentials, chime: createClient(belfry.url, credentials, { systemClockOffset }) }
}

const listKeys = async (name: string) => (await call(`GET /principals/${name}/access-keys`)).json['AccessKeys'] as Key[]

/** Makes clients of another server on the same database, which has its own clock. */
async function otherServer() {
  const other = await startBelfry({ ...belfry.settings, PORT: '0' })
  return (key: Key) => createClient(other.url, as(key).credentials)
}

describe('CreateAccessKey', () => {
  test('shows the secret only once, and makes a key that signs requests', async () => {
    const name = await givenPrincipal()
    const { status, json } = await createKey(name, { RequestsPerSecond: 500 })
    const key = json['AccessKey'] as Key
    const AccessKey = {
      AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      PrincipalName: name,
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      Status: 'Active',
      RequestsPerSecond: 500,
      CreatedTimestamp: expect.stringMatching(/Z$/),
      LastUsedTimestamp: null,
      ExpirationTimestamp: null,
    }
    expect([status, json]).toEqual([201, { AccessKey }])
    expect((await as(key).chime.listAccounts()).Accounts).toEqual([])
    expect(await listKeys(name)).toEqual([{ ...AccessKey, SecretAccessKey: null }])
    expect(belfry.log.join('\n')).not.toContain(key.SecretAccessKey)
    const { json: events } = await call(`GET /events?resource-id=${key.AccessKeyId}`)
    expect(JSON.stringify(events)).toContain('CreateAccessKey')
    expect(JSON.stringify(events)).not.toContain(key.SecretAccessKey)
  })

  test('imports an existing pair of id and secret', async () => {
    const name = await givenPrincipal()
    const pair = {
      AccessKeyId: `AKIAIMPORTED${randomInt(1e8, 1e9)}`,
      SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG/EXAMPLEKEY',
    }
    const { json } = await createKey(name, pair)
    expect(json['AccessKey']).toMatchObject(pair)
    expect((await as({ ...pair, LastUsedTimestamp: null }).chime.listAccounts()).Accounts).toEqual([])
    const { json: events } = await call(`GET /events?resource-id=${pair.AccessKeyId}`)
    expect(JSON.stringify(events)).toContain('HIDDEN_DUE_TO_SECURITY_REASONS')
    expect(JSON.stringify(events)).not.toContain(pair.SecretAccessKey)
    const taken = `409 ConflictException Conflict: There is an access key ${pair.AccessKeyId} already`
    expect(refusedRaw(await createKey(await givenPrincipal(), pair))).toBe(taken)
  })

  test.each<[string, object, string]>([
    ['an id without a secret', { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }, 'must be given together, or not at all'],
    ['a secret without an id', { SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG' }, 'must be given together, or not at all'],
    [
      'an id of temporary credentials',
      { AccessKeyId: 'ASIAIOSFODNN7EXAMPLE', SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG' },
      'Temporary',
    ],
    ['a short id', { AccessKeyId: 'AKIA', SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG' }, "'AccessKeyId'"],
    [
      'a secret with a blank',
      { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', SecretAccessKey: 'a b'.repeat(9) },
      "'SecretAccessKey'",
    ],
    ['a negative limit', { RequestsPerSecond: -1 }, "'RequestsPerSecond'"],
  ])('refuses %s', async (_, members, words) => {
    const answer = refusedRaw(await createKey(await givenPrincipal(), members))
    expect(answer).toMatch(/^400 BadRequestException/)
    expect(answer).toContain(words)
  })

  test('allows two keys per principal, so that one can replace the other', async () => {
    const name = await givenPrincipal()
    const [old, young] = [await givenKey(name), await givenKey(name)]
    for (const key of [old, young]) expect((await as(key).chime.listAccounts()).Accounts).toEqual([])
    expect(refusedRaw(await createKey(name))).toBe(
      '400 ResourceLimitExceededException ResourceLimitExceeded: The limit of 2 access keys per principal would be exceeded',
    )
    await call(`DELETE /principals/${name}/access-keys/${old.AccessKeyId}`)
    expect((await createKey(name)).status).toBe(201)
    expect(refusedRaw(await createKey('nobody'))).toBe(notFound('Principal', 'nobody'))
  })

  test('makes only two keys for 20 concurrent requests', async () => {
    const name = await givenPrincipal()
    const answers = await Promise.all(Array.from({ length: 20 }, () => createKey(name)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2)
    expect(await listKeys(name)).toHaveLength(2)
  })
})

describe('ListAccessKeys', () => {
  test('shows when a key was last used', async () => {
    const name = await givenPrincipal()
    const key = await givenKey(name)
    const before = tenant.now().toISOString()
    await as(key).chime.listAccounts()
    await belfry.runJobs()
    const [{ LastUsedTimestamp } = { LastUsedTimestamp: null }] = await listKeys(name)
    expect(String(LastUsedTimestamp) >= before).toBe(true)
    await refused(createClient(belfry.url, { ...as(key).credentials, secretAccessKey: 'wrong' }).listAccounts())
    await belfry.runJobs()
    expect((await listKeys(name))[0]?.LastUsedTimestamp).toBe(LastUsedTimestamp)
  })

  test('shows the last use on a server that has stopped', async () => {
    const closing = await startBelfry({ ...belfry.settings, PORT: '0' })
    const name = await givenPrincipal()
    const key = await givenKey(name)
    await createClient(closing.url, as(key).credentials).listAccounts()
    await closing.close()
    expect((await listKeys(name))[0]?.LastUsedTimestamp).toMatch(/Z$/)
  })

  test('lists the keys in pages', async () => {
    const name = await givenPrincipal()
    const ids = [await givenKey(name), await givenKey(name)].map(({ AccessKeyId }) => AccessKeyId).toSorted()
    const first = (await call(`GET /principals/${name}/access-keys?max-results=1`)).json
    const path = `/principals/${name}/access-keys?max-results=1&next-token=${String(first['NextToken'])}`
    const second = (await call(`GET ${path}`)).json
    expect([first, second].map((page) => (page['AccessKeys'] as Key[]).map((it) => it.AccessKeyId))).toEqual(
      ids.map((id) => [id]),
    )
    expect(second['NextToken']).toBeNull()
    expect(refusedRaw(await call(`GET ${path.replace(name, await givenPrincipal())}`))).toBe(badToken)
    expect(refusedRaw(await call('GET /principals/nobody/access-keys'))).toBe(notFound('Principal', 'nobody'))
  })
})

describe('UpdateAccessKey, DeleteAccessKey', () => {
  test('switch a key off, switch it on again and delete it, on every server within a second', async () => {
    const name = await givenPrincipal()
    const key = await givenKey(name)
    const elsewhere = (await otherServer())(key)
    const everywhere = async () => {
      const answers = [as(key).chime, elsewhere].map((chime) =>
        chime.listAccounts().catch((error: Error) => error.name),
      )
      return (await Promise.all(answers)).map((answer) => (typeof answer === 'string' ? answer : 'allowed'))
    }
    expect(await everywhere()).toEqual(['allowed', 'allowed'])
    const path = `/principals/${name}/access-keys/${key.AccessKeyId}`
    const { json } = await call(`POST ${path}`, { Status: 'Inactive' })
    expect(json['AccessKey']).toMatchObject({ AccessKeyId: key.AccessKeyId, SecretAccessKey: null, Status: 'Inactive' })
    const switchedOff = Array(2).fill('UnauthorizedClientException')
    await expect.poll(everywhere, { interval: 20, timeout: 1000 }).toEqual(switchedOff)
    await call(`POST ${path}`, { Status: 'Active' })
    await expect.poll(everywhere, { interval: 20, timeout: 1000 }).toEqual(['allowed', 'allowed'])
    expect((await call(`DELETE ${path}`)).status).toBe(204)
    const gone = Array(2).fill('UnrecognizedClientException')
    await expect.poll(everywhere, { interval: 20, timeout: 1000 }).toEqual(gone)
  })

  test('find a key only under its own principal', async () => {
    const [name, other] = [await givenPrincipal(), await givenPrincipal()]
    const { AccessKeyId } = await givenKey(other)
    const path = `/principals/${name}/access-keys/${AccessKeyId}`
    expect(refusedRaw(await call(`POST ${path}`, { Status: 'Inactive' }))).toBe(notFound('AccessKey', AccessKeyId))
    expect(refusedRaw(await call(`DELETE ${path}`))).toBe(notFound('AccessKey', AccessKeyId))
    expect(refusedRaw(await call(`POST ${path}`, { Status: 'Off' }))).toMatch(/^400 BadRequestException.*'Status'/)
    expect(refusedRaw(await call(`DELETE /principals/${name}/access-keys/short`))).toMatch(/^400 BadRequestException/)
    expect(await listKeys(other)).toHaveLength(1)
  })

  test('refuse to take away the last key of an administrator', async () => {
    const own = await belfry.tenant()
    const path = `/principals/tester/access-keys/${own.credentials.accessKeyId}`
    const refusal = '409 ConflictException Conflict: That would leave no active key with the policy AdministratorAccess'
    expect(refusedRaw(await call(`POST ${path}`, { Status: 'Inactive' }, own))).toBe(refusal)
    expect(refusedRaw(await call(`DELETE ${path}`, undefined, own))).toBe(refusal)
    const { json } = await call('POST /principals/tester/access-keys', {}, own)
    expect((await call(`DELETE ${path}`, undefined, own)).status).toBe(204)
    expect((await as(json['AccessKey'] as Key).chime.listAccounts()).Accounts).toEqual([])
  })
})

test('the root access key of the settings regains its permissions at every start', async () => {
  const credentials = { accessKeyId: 'AKIAGIVENGIVENGIVEN', secretAccessKey: 'given/given+given' }
  const settings = { ROOT_ACCESS_KEY_ID: credentials.accessKeyId, ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey }
  const { databaseUrl, url } = await startBelfry(settings)
  const chimeOf = (server: string) => createClient(server, credentials)
  const root = { ...tenant, awsAccountId: '111122223333', chime: chimeOf(url), credentials, now: () => new Date() }
  const as = (text: string, members?: object) => callBelfry(url, root, text, members)
  await as('PUT /policies/deny', { PolicyDocument: '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}' })
  expect((await as('PUT /principals/administrator/policies/deny')).status).toBe(204)
  await expect.poll(() => refused(root.chime.listAccounts()), { interval: 20, timeout: 1000 }).toMatch(/explicit deny/)
  const again = await startBelfry({ ...settings, DATABASE: databaseUrl })
  expect((await chimeOf(again.url).listAccounts()).Accounts).toEqual([])
  expect(again.administrator.origin).toBe('given')
})
