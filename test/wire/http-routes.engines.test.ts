/** Methods and request targets. */
import { expect, test } from 'vitest'
import { useBelfry } from '../support/belfry.ts'
import { givenAccount, givenUser } from '../support/given.ts'
import { send, signByHand, signRaw } from '../support/raw.ts'
import { createSender } from '../support/signed-requests.ts'
import { basicTime } from '../../src/identity/canonical.ts'

const { belfry, tenant } = await useBelfry()
const { signed, post } = createSender(belfry, tenant)
const now = () => basicTime(tenant.now())

test.each(['OPTIONS', 'TRACE', 'PATCH', 'PROPFIND'])('the method %s has no operation', async (method) => {
  const answer = await signed({ method, path: '/accounts' })
  expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([404, 'UnknownOperationException'])
  expect(answer.body).toBe('{"message":"Unknown operation"}')
})

test('a misspelt operation does not call another operation of the path', async () => {
  const AccountId = await givenAccount(tenant)
  const UserId = await givenUser(tenant, AccountId)
  for (const path of [
    `/accounts/${AccountId}/users/${UserId}`,
    `/accounts/${AccountId}`,
    `/phone-numbers/%2B12065550100`,
  ]) {
    const answer = await post(`${path}?operation=associate-phonenumber`, '{"LicenseType":"Basic"}')
    expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([404, 'UnknownOperationException'])
  }
  expect((await tenant.chime.getUser({ AccountId, UserId })).User?.LicenseType).toBe('Pro')
})

test.each([
  ['/accounts/', 400],
  ['/accounts/%20', 400],
  ['//accounts', 404],
  ['/phone-numbers/', 400],
  ['/accounts/%zz', 400],
  ['/accounts/%ff', 400],
  ['/accounts/%00', 400],
  ['/accounts/__proto__', 404],
  ['/accounts/..', 404],
  ['/accounts?max-results=1&max-results=2', 400],
  ['/accounts?name=%ff', 400],
  ['/accounts?name=%00', 400],
  ['/accounts?unknown=1&x', 200],
  ['/console/accounts', 200],
  ['/console/console/accounts', 404],
  [`/accounts/${'x'.repeat(5000)}`, 400],
])('GET %s is answered with %i', async (path, status) => {
  const request = signByHand(belfry.url, tenant.credentials, now(), { path, headers: { 'X-Amz-Date': now() } })
  expect((await send(belfry.url, request)).status).toBe(status)
})

test('an absolute request target is accepted', async () => {
  const { headers } = signRaw(belfry.url, tenant.credentials, { path: '/accounts', headers: { 'X-Amz-Date': now() } })
  const answer = await send(belfry.url, { path: `${belfry.url}/accounts`, headers: headers ?? {} })
  expect(answer.status).toBe(200)
})
