/** Headers and bodies of responses. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../support/belfry.ts'
import { givenAccount } from '../support/given.ts'
import { exchange, send } from '../support/raw.ts'
import { createSender } from '../support/signed-requests.ts'

const { belfry, tenant } = await useBelfry()
const { signed, post } = createSender(belfry, tenant)

describe('responses', () => {
  test('have a request id, a date, a type and a length', async () => {
    const { headers, body } = await signed({ path: '/accounts' })
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(Math.abs(Date.parse(headers.date ?? '') - tenant.now().getTime())).toBeLessThan(2000)
    expect(headers['content-type']).toBe('application/json')
    expect(headers['content-length']).toBe(String(body.length))
    expect(headers['content-encoding']).toBeUndefined()
    expect(body).toBe('{"Accounts":[],"NextToken":null}')
  })

  test('are compact JSON with every member in alphabetical order', async () => {
    const { body, json } = await post('/accounts', '{"Name":"Whole"}')
    const { AccountId, CreatedTimestamp } = json['Account'] as Record<string, string>
    expect(body).toBe(
      `{"Account":{"AccountId":"${AccountId}","AccountStatus":"Active","AccountType":"Team","AwsAccountId":"${tenant.awsAccountId}","CreatedTimestamp":"${CreatedTimestamp}","DefaultLicense":"Pro","Name":"Whole","SigninDelegateGroups":[],"SupportedLicenses":["Basic","Pro"]}}`,
    )
    expect(CreatedTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('with status 204 have neither a body nor a length', async () => {
    const path = `/accounts/${await givenAccount(tenant)}/settings`
    const answer = await signed({ method: 'PUT', path, body: '{"AccountSettings":{}}' })
    expect(answer.status).toBe(204)
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json' })
    expect(answer.headers['content-length'] ?? answer.headers['transfer-encoding']).toBeUndefined()
    expect(answer.body).toBe('')
  })

  test('for errors are JSON without nulls', async () => {
    const answer = await signed({ path: '/accounts/nobody' })
    expect(answer.status).toBe(404)
    expect(answer.headers['x-amzn-errortype']).toBe('NotFoundException')
    expect(answer.body).toBe(`{"Code":"NotFound","Message":"Could not find Account with Id 'nobody'"}`)
  })

  test('for errors have the message in a header too', async () => {
    const missing = await signed({ path: '/accounts/nobody' })
    expect(missing.headers['x-amzn-errormessage']).toBe("Could not find Account with Id 'nobody'")
    const unsigned = await send(belfry.url, { path: '/accounts' })
    expect(unsigned.headers['x-amzn-errormessage']).toBe('Missing Authentication Token')
    const unreadable = await exchange(belfry.url, 'nonsense\r\n\r\n')
    expect(unreadable).toContain('\r\nx-amzn-ErrorMessage: The request is not valid HTTP/1.1\r\n')
    expect((await signed({ path: '/accounts' })).headers['x-amzn-errormessage']).toBeUndefined()
  })

  test.each([
    ['of another script', '/accounts/%C3%A9', "Could not find Account with Id '?'"],
    ['with a line break', '/accounts/a%0D%0ASet-Cookie:%20x', "Could not find Account with Id 'a"],
    ['that is long', `/accounts/${'x'.repeat(900)}`, `Could not find Account with Id '${'x'.repeat(468)}`],
  ])('for errors that repeat a text %s have one short line of ASCII in the header', async (_, path, message) => {
    const { headers, json } = await signed({ path })
    expect(headers['x-amzn-errormessage']).toBe(message)
    expect(headers['set-cookie']).toBeUndefined()
    expect(json['Message']).toBe(`Could not find Account with Id '${decodeURIComponent(path.slice(10))}'`)
  })

  test('to HEAD requests have no body', async () => {
    const answer = await signed({ method: 'HEAD', path: '/accounts' })
    expect([answer.status, answer.headers['x-amzn-errortype'], answer.body]).toEqual([
      404,
      'UnknownOperationException',
      '',
    ])
  })
})

test('a preflight of a browser is refused without CORS headers', async () => {
  const headers = { Origin: 'https://a.example', 'Access-Control-Request-Method': 'POST' }
  const answer = await send(belfry.url, { method: 'OPTIONS', path: '/accounts', headers })
  expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([403, 'MissingAuthenticationTokenException'])
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
})

test('probes and the OpenAPI document need no signature', async () => {
  expect(await send(belfry.url, { path: '/health' })).toMatchObject({ status: 200, body: '{"status":"up"}' })
  expect(await send(belfry.url, { path: '/ready' })).toMatchObject({ status: 200, body: '{"status":"ready"}' })
  expect(await send(belfry.url, { method: 'HEAD', path: '/ready' })).toMatchObject({ status: 200, body: '' })
  expect((await send(belfry.url, { method: 'POST', path: '/ready' })).status).toBe(403)
  expect((await send(belfry.url, { path: '/openapi.json' })).json).toMatchObject({ openapi: '3.1.0' })
})
