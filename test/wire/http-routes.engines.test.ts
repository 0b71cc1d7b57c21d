/** Methods and request targets. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../support/belfry.ts'
import { givenAccount, givenRoom, givenUser } from '../support/given.ts'
import { callBelfry, exchange, send, signByHand, signRaw } from '../support/raw.ts'
import { createSender } from '../support/signed-requests.ts'
import { basicTime } from '../../src/identity/canonical.ts'

const { belfry, tenant } = await useBelfry()
const { signed, post } = createSender(belfry, tenant)
const now = () => basicTime(tenant.now())

test.each(['OPTIONS', 'TRACE', 'PATCH', 'PROPFIND'])('the method %s has no operation', async (method) => {
  const answer = await signed({ method, path: '/accounts' })
  expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([404, 'UnknownOperationException'])
  expect(answer.body).toBe(`{"message":"Unknown operation: ${method} /accounts"}`)
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

test.each([
  ['GET', '/accounts?max-results=1&max-results=1', 'max-results'],
  ['GET', '/accounts?unknown=1&unknown=2', 'unknown'],
  ['GET', '/accounts?%C3%BCnknown&%C3%BCnknown', '?nknown'],
  ['GET', '/search?type=phone-numbers&type=phone-numbers&country=US', 'type'],
  ['POST', '/accounts/a/users/b?operation=logout&operation=logout', 'operation'],
  ['POST', '/accounts/a/users/b?operation=logout&operation=reset-personal-pin', 'operation'],
  ['POST', '/accounts/a/users/b?operation=logout&operation', 'operation'],
])('%s %s is refused because a query parameter is sent twice', async (method, path, name) => {
  const { status, headers, json } = await signed({ method, path })
  expect([status, headers['x-amzn-errortype']]).toEqual([400, 'BadRequestException'])
  expect(json['Message']).toBe(`Query parameter '${name}' was sent more than once`)
})

test.each<[string, string, string]>([
  ['GET', '/nowhere?X-Odd=value&operation=list', 'GET /nowhere?operation=list'],
  ['PUT', '/console/accounts/a', 'PUT /accounts/a'],
  ['POST', '/accounts/a?operation=typo%0d%0a', 'POST /accounts/a?operation=typo??'],
  [
    'POST',
    '/meetings?operation=create-attendees',
    'POST /meetings?operation=create-attendees. Operations that older models of this API had under /meetings moved to chime-sdk-meetings',
  ],
  [
    'GET',
    '/console/voice-connectors/abc/proxy-sessions',
    'GET /voice-connectors/abc/proxy-sessions. Operations that older models of this API had under /voice-connectors moved to chime-sdk-voice',
  ],
  [
    'PUT',
    '/app-instances/x',
    'PUT /app-instances/x. Operations that older models of this API had under /app-instances moved to chime-sdk-identity, chime-sdk-messaging',
  ],
])('%s %s is refused with its method and path', async (method, path, named) => {
  const { status, headers, json } = await signed({ method, path })
  expect(status).toBe(404)
  expect(json['message']).toBe(`Unknown operation: ${named}`)
  expect(headers['x-amzn-errormessage']).toBe(json['message'])
})

test('a long path or operation is shortened where it is refused', async () => {
  const path = await signed({ path: `/${'x'.repeat(5000)}` })
  expect(path.json['message']).toBe(`Unknown operation: GET /${'x'.repeat(199)}`)
  const operation = await signed({ method: 'POST', path: `/accounts/a?operation=${'x'.repeat(5000)}` })
  expect(operation.json['message']).toBe(`Unknown operation: POST /accounts/a?operation=${'x'.repeat(100)}`)
})

/** What clients of a proxy put before the path. The host that counts is that of the signed header. */
const authorities = [belfry.url, belfry.url.replace('http', 'HTTP'), 'http://LOCALHOST', 'https://a.example:443']

describe.each(authorities)('an absolute request target, %s…,', (authority) => {
  test.each(['/accounts', '/console/accounts', '/accounts?max-results=1', '/belfry/principals'])(
    'reaches the operation at %s',
    async (path) => {
      const { headers = {} } = signRaw(belfry.url, tenant.credentials, { path, headers: { 'X-Amz-Date': now() } })
      expect((await send(belfry.url, { path: authority + path, headers })).status).toBe(200)
    },
  )

  test.each(['/health', '/ready', '/openapi.json', '/metrics'])('reaches %s', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await exchange(
        belfry.url,
        `${method} ${authority}${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      )
      expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    }
  })

  test('reaches a webhook', async () => {
    const { AccountId, RoomId } = await givenRoom(belfry, tenant)
    const create = `POST /accounts/${AccountId}/rooms/${RoomId}/webhooks`
    const { json } = await callBelfry(belfry.url, tenant, create, { Name: 'Builds' })
    const { pathname, search } = new URL((json['Webhook'] as { Url: string }).Url)
    const post = { method: 'POST', path: authority + pathname + search, body: '{"Content":"hello"}' }
    expect(await send(belfry.url, post)).toMatchObject({ status: 200, json: { RoomId } })
  })

  test('without a path has no operation', async () => {
    const { headers = {} } = signRaw(belfry.url, tenant.credentials, { path: '/', headers: { 'X-Amz-Date': now() } })
    expect((await send(belfry.url, { path: authority, headers })).status).toBe(404)
  })
})
