import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import { badToken, notFound, refused, refusedRaw } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry()

const call = (text: string, members?: object, using = tenant) => callBelfry(belfry.url, using, text, members)
const create = (PrincipalName: string, PrincipalType = 'Person', using = tenant) =>
  call('POST /principals', { PrincipalName, PrincipalType }, using)
const lastAdministrator =
  '409 ConflictException Conflict: That would leave no active key with the policy AdministratorAccess'

describe('CreatePrincipal, GetPrincipal', () => {
  test.each([
    ['Administrator', ['AdministratorAccess']],
    ['Person', []],
    ['Machine', []],
  ])('make a principal of type %s', async (PrincipalType, PolicyNames) => {
    const name = `new.${PrincipalType}@example.com`
    const { status, json } = await create(name, PrincipalType)
    const Principal = {
      PrincipalName: name,
      PrincipalArn: `arn:aws:iam::${tenant.awsAccountId}:user/${name}`,
      PrincipalType,
      PolicyNames,
      CreatedTimestamp: expect.stringMatching(/Z$/),
    }
    expect([status, json]).toEqual([201, { Principal }])
    expect((await call(`GET /principals/${name}`)).json).toEqual(json)
    expect(refusedRaw(await create(name))).toBe(`409 ConflictException Conflict: The principal ${name} exists already`)
  })

  test('do not find an unknown principal, and refuse an invalid name or type', async () => {
    expect(refusedRaw(await call('GET /principals/nobody'))).toBe(notFound('Principal', 'nobody'))
    expect(refusedRaw(await call('GET /principals/a%20b'))).toMatch(/^400 BadRequestException.*'PrincipalName'/)
    expect(refusedRaw(await create('a/b'))).toMatch(/^400 BadRequestException.*'PrincipalName'/)
    expect(refusedRaw(await create('x', 'Robot'))).toMatch(/^400 BadRequestException.*'PrincipalType'/)
  })
})

describe('ListPrincipals', () => {
  test('lists the principals of the AWS account by name, in pages', async () => {
    const own = await belfry.tenant()
    for (const name of ['zoe', 'ann']) await create(name, 'Machine', own)
    const first = (await call('GET /principals?max-results=2', undefined, own)).json
    const names = (page: Record<string, unknown>) =>
      (page['Principals'] as { PrincipalName: string }[]).map((it) => it.PrincipalName)
    expect(names(first)).toEqual(['ann', 'tester'])
    const token = String(first['NextToken'])
    const second = await call(`GET /principals?max-results=2&next-token=${token}`, undefined, own)
    expect([names(second.json), second.json['NextToken']]).toEqual([['zoe'], null])
    expect(refusedRaw(await call(`GET /principals?next-token=${token}`))).toBe(badToken)
  })
})

describe('AttachPolicy, DetachPolicy', () => {
  test('change the permissions of a principal within a second', async () => {
    const { chime, principal } = await belfry.tenant({ awsAccountId: tenant.awsAccountId, policy: '{"Statement":[]}' })
    expect(await refused(chime.listAccounts())).toMatch(/^403 AccessDeniedException/)
    const path = `/principals/${principal}/policies/AmazonChimeReadOnly`
    expect((await call(`PUT ${path}`)).status).toBe(204)
    expect((await call(`PUT ${path}`)).status).toBe(204)
    const isAllowed = () =>
      chime.listAccounts().then(
        () => true,
        () => false,
      )
    await expect.poll(isAllowed, { interval: 20, timeout: 1000 }).toBe(true)
    expect((await call(`DELETE ${path}`)).status).toBe(204)
    expect(refusedRaw(await call(`DELETE ${path}`))).toBe(notFound('Policy', 'AmazonChimeReadOnly'))
    await expect.poll(isAllowed, { interval: 20, timeout: 1000 }).toBe(false)
  })

  test('allow at most ten policies per principal, and do not find unknown policies and principals', async () => {
    await create('many', 'Administrator')
    const PolicyDocument = '{"Statement":[]}'
    for (let count = 1; count <= 10; count++) await call(`PUT /policies/p${count}`, { PolicyDocument })
    for (let count = 1; count <= 9; count++)
      expect((await call(`PUT /principals/many/policies/p${count}`)).status).toBe(204)
    expect(refusedRaw(await call('PUT /principals/many/policies/p10'))).toBe(
      '400 ResourceLimitExceededException ResourceLimitExceeded: The limit of 10 policies per principal would be exceeded',
    )
    expect((await call('PUT /principals/many/policies/p9')).status).toBe(204)
    expect(refusedRaw(await call('PUT /principals/many/policies/none'))).toBe(notFound('Policy', 'none'))
    expect(refusedRaw(await call('PUT /principals/nobody/policies/p1'))).toBe(notFound('Principal', 'nobody'))
    expect(refusedRaw(await call('DELETE /principals/nobody/policies/p1'))).toBe(notFound('Principal', 'nobody'))
    for (const method of ['PUT', 'DELETE'])
      expect(refusedRaw(await call(`${method} /principals/many/policies/a%20b`))).toMatch(/^400 BadRequestException/)
  })

  test('refuse to take the policy away from the last administrator', async () => {
    const own = await belfry.tenant()
    const path = '/principals/tester/policies/AdministratorAccess'
    expect(refusedRaw(await call(`DELETE ${path}`, undefined, own))).toBe(lastAdministrator)
    // Another administrator does not count without a key.
    await create('second', 'Administrator', own)
    expect(refusedRaw(await call(`DELETE ${path}`, undefined, own))).toBe(lastAdministrator)
    await call('POST /principals/second/access-keys', {}, own)
    expect((await call(`DELETE ${path}`, undefined, own)).status).toBe(204)
  })
})

describe('DeletePrincipal', () => {
  test('ends the keys of the principal, and keeps its policies', async () => {
    const { chime, principal } = await belfry.tenant({ awsAccountId: tenant.awsAccountId, policy: '{"Statement":[]}' })
    expect(await refused(chime.listAccounts())).toMatch(/^403 AccessDeniedException/)
    expect((await call(`DELETE /principals/${principal}`)).status).toBe(204)
    await expect.poll(() => refused(chime.listAccounts()), { interval: 20, timeout: 1000 }).toMatch(/Unrecognized/)
    expect(refusedRaw(await call(`DELETE /principals/${principal}`))).toBe(notFound('Principal', principal))
    expect(refusedRaw(await call('DELETE /principals/a%20b'))).toMatch(/^400 BadRequestException/)
    expect((await call(`GET /policies/${principal}`)).status).toBe(200)
    await create(principal)
    expect((await call(`GET /principals/${principal}`)).json['Principal']).toMatchObject({ PolicyNames: [] })
    expect((await call(`GET /principals/${principal}/access-keys`)).json['AccessKeys']).toEqual([])
  })

  test('refuses the last administrator', async () => {
    const own = await belfry.tenant()
    expect(refusedRaw(await call('DELETE /principals/tester', undefined, own))).toBe(lastAdministrator)
    expect((await own.chime.listAccounts()).Accounts).toEqual([])
  })
})
