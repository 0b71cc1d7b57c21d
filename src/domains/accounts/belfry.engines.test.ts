/** Belfry's own operations on accounts, which replace the console of Amazon Chime. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import { accountSuspended, givenAccount, givenUser, notFound, refusedRaw } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry()

const call = (text: string, members?: object, caller = tenant) => callBelfry(belfry.url, caller, text, members)
const convert = (AccountId: string, members: object = { AccountType: 'EnterpriseLWA' }) =>
  call(`POST /accounts/${AccountId}?operation=convert`, members)
let domains = 0
const newDomain = () => `d${domains++}-${tenant.awsAccountId}.example.com`

describe('ConvertAccount', () => {
  test('turns a Team account into an Enterprise account, which can have rooms', async () => {
    const AccountId = await givenAccount(tenant)
    const { status, json } = await convert(AccountId)
    expect([status, json['Account']]).toEqual([
      200,
      expect.objectContaining({ AccountId, AccountType: 'EnterpriseLWA' }),
    ])
    await tenant.chime.createRoom({ AccountId, Name: 'x' })
  })

  test('changes the supported licenses if they still include the default license', async () => {
    const AccountId = await givenAccount(tenant)
    const { json } = await convert(AccountId, { AccountType: 'Team', SupportedLicenses: ['Pro', 'Plus'] })
    expect(json['Account']).toMatchObject({ AccountType: 'Team', SupportedLicenses: ['Pro', 'Plus'] })
    expect((await convert(AccountId, { AccountType: 'Team', SupportedLicenses: ['Basic'] })).status).toBe(400)
    expect((await convert(AccountId, { AccountType: 'Club' })).status).toBe(400)
    expect((await convert('nobody')).status).toBe(404)
  })
})

describe('SuspendAccount, ReactivateAccount', () => {
  test('close the account to changes, and open it again', async () => {
    const AccountId = await givenAccount(tenant)
    const suspended = await call(`POST /accounts/${AccountId}?operation=suspend`)
    expect(suspended.json['Account']).toMatchObject({ AccountStatus: 'Suspended' })
    expect(refusedRaw(await convert(AccountId))).toBe(accountSuspended)
    const active = await call(`POST /accounts/${AccountId}?operation=reactivate`)
    expect(active.json['Account']).toMatchObject({ AccountStatus: 'Active' })
    expect((await convert(AccountId)).status).toBe(200)
  })
})

describe('ClaimDomain, ListDomains, ReleaseDomain', () => {
  test('a claimed domain prevents the deletion of its account, and releasing the last domain suspends all users', async () => {
    const AccountId = await givenAccount(tenant)
    await convert(AccountId)
    const UserId = await givenUser(tenant, AccountId)
    const [first, second] = [newDomain(), newDomain()]
    for (const domain of [first, second, first])
      expect((await call(`PUT /accounts/${AccountId}/domains/${domain}`)).status).toBe(204)
    const { json } = await call(`GET /accounts/${AccountId}/domains`)
    expect(json['Domains']).toEqual(
      [first, second].map((DomainName) => ({ ClaimedTimestamp: expect.stringMatching(/Z$/), DomainName })),
    )
    const other = await givenAccount(tenant)
    await convert(other)
    expect((await call(`PUT /accounts/${other}/domains/${first}`)).status).toBe(409)
    await expect(tenant.chime.deleteAccount({ AccountId })).rejects.toThrow('claimed domains')
    expect((await call(`DELETE /accounts/${AccountId}/domains/${first}`)).status).toBe(204)
    expect((await tenant.chime.getUser({ AccountId, UserId })).User?.UserRegistrationStatus).toBe('Registered')
    expect((await call(`DELETE /accounts/${AccountId}/domains/${second}`)).status).toBe(204)
    expect((await tenant.chime.getUser({ AccountId, UserId })).User?.UserRegistrationStatus).toBe('Suspended')
    expect(refusedRaw(await call(`DELETE /accounts/${AccountId}/domains/${second}`))).toBe(notFound('Domain', second))
    await tenant.chime.deleteAccount({ AccountId })
  })

  test('refuse malformed domain names and Team accounts', async () => {
    const AccountId = await givenAccount(tenant)
    expect((await call(`PUT /accounts/${AccountId}/domains/${newDomain()}`)).status).toBe(400)
    await convert(AccountId)
    for (const domain of ['localhost', 'EXAMPLE.com', '-a.com', 'a..com', '%20', 'a_b.com'])
      expect((await call(`PUT /accounts/${AccountId}/domains/${domain}`)).status).toBe(400)
  })
})

test('the actions of these operations have the prefix belfry, and another AWS account does not find the account', async () => {
  const AccountId = await givenAccount(tenant)
  const policy = JSON.stringify({ Statement: { Effect: 'Allow', Action: 'chime:*', Resource: '*' } })
  const chimeOnly = await belfry.tenant({ awsAccountId: tenant.awsAccountId, policy })
  const denied = await call(`POST /accounts/${AccountId}?operation=suspend`, undefined, chimeOnly)
  expect(refusedRaw(denied)).toContain('403 AccessDeniedException AccessDenied: User:')
  expect(refusedRaw(denied)).toContain('belfry:SuspendAccount')
  const stranger = await belfry.tenant()
  expect(refusedRaw(await call(`POST /accounts/${AccountId}?operation=suspend`, undefined, stranger))).toBe(
    notFound('Account', AccountId),
  )
})
