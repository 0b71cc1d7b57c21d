/** Bodies of requests: type, size and content. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../support/belfry.ts'
import { cpuTime } from '../support/cpu-time.ts'
import { givenAccount, givenUser } from '../support/given.ts'
import { basicTime } from '../../src/identity/canonical.ts'
import { exchange, namingKeyOf, send, signByHand } from '../support/raw.ts'
import { createSender, shortTimeouts } from '../support/signed-requests.ts'

const { belfry, tenant } = await useBelfry(shortTimeouts)
const { post, signed } = createSender(belfry, tenant)

describe('request bodies', () => {
  test.each([
    'application/x-amz-json-1.1',
    'application/x-amz-json-1.0',
    'application/x-www-form-urlencoded; charset=utf-8',
    'text/plain;charset=UTF-8',
    'application/octet-stream',
    'nonsense',
  ])('that are a JSON object are read if their content type is %j', async (type) => {
    const body = JSON.stringify({ Name: `of type ${type}` })
    const { status, json } = await post('/accounts', body, { 'Content-Type': type })
    expect([status, (json['Account'] as { Name: string }).Name]).toEqual([201, `of type ${type}`])
    const AccountId = await givenAccount(tenant)
    const settings = { method: 'PUT', path: `/accounts/${AccountId}/settings`, headers: { 'Content-Type': type } }
    expect((await signed({ ...settings, body: '{"AccountSettings":{"EnableDialOut":true}}' })).status).toBe(204)
    expect((await tenant.chime.getAccountSettings({ AccountId })).AccountSettings?.EnableDialOut).toBe(true)
  })

  test('without a content type are read', async () => {
    const time = basicTime(tenant.now())
    const raw = { method: 'POST', path: '/accounts', headers: { 'X-Amz-Date': time }, body: '{"Name":"x"}' }
    expect((await send(belfry.url, signByHand(belfry.url, tenant.credentials, time, raw))).status).toBe(201)
  })

  test('with a byte order mark are read', async () => {
    expect((await post('/accounts', '\uFEFF{"Name":"x"}')).status).toBe(201)
  })

  test('that are not JSON are refused whatever their content type is', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/xml']) {
      const answer = await post('/accounts', 'Name=x', { 'Content-Type': type })
      expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([400, 'BadRequestException'])
    }
  })

  test('in several parts or with a content encoding are refused', async () => {
    for (const headers of [{ 'Content-Type': 'Multipart/form-data; boundary=x' }, { 'Content-Encoding': 'gzip' }]) {
      const answer = await post('/accounts', '{"Name":"x"}', { ...headers })
      expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([415, 'UnsupportedMediaTypeException'])
    }
  })

  test('in JSON with a charset parameter are accepted', async () => {
    expect(
      (await post('/accounts', '{"Name":"x"}', { 'Content-Type': 'Application/JSON; charset=utf-8' })).status,
    ).toBe(201)
  })

  test.each(["{'Name':'x'}", '{"Name":"x",}', '{"Name":"x"} x', '// x\n{"Name":"x"}', '{"Name":"x"', '{"Name":\f"x"}'])(
    'that are not valid JSON are refused: %s',
    async (body) => {
      const answer = await post('/accounts', body)
      expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([400, 'BadRequestException'])
    },
  )

  test('with deep nesting or hostile member names are handled safely', async () => {
    const deep = `{"Name":"x","y":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect((await post('/accounts', deep)).status).toBe(201)
    expect((await post('/accounts', `{"Name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).status).toBe(400)
    const answer = await post('/accounts', '{"Name":"x","__proto__":{"Name":"y"},"constructor":1}')
    expect([answer.status, (answer.json['Account'] as { Name: string }).Name]).toEqual([201, 'x'])
  })

  test('are answered with all violated constraints at once', async () => {
    const AccountId = await givenAccount(tenant)
    const UserId = await givenUser(tenant, AccountId)
    const body = '{"LicenseType":"Gold","UserType":7,"AlexaForBusinessMetadata":{"IsAlexaForBusinessEnabled":"true"}}'
    const { json } = await post(`/accounts/${AccountId}/users/${UserId}`, body)
    expect(json['Message']).toBe(
      "3 validation errors detected: Value at 'LicenseType' failed to satisfy constraint: Member must satisfy enum value set: [Basic, Plus, Pro, ProTrial]; Value at 'UserType' failed to satisfy constraint: Member must satisfy enum value set: [PrivateUser, SharedDevice]; Value at 'AlexaForBusinessMetadata.IsAlexaForBusinessEnabled' failed to satisfy constraint: Member must be a boolean",
    )
  })

  test('with a very long list get a short error message', async () => {
    const AccountId = await givenAccount(tenant)
    const { status, json } = await post(
      `/accounts/${AccountId}/users?operation=add`,
      `{"UserEmailList":[${'0,'.repeat(500_000)}0]}`,
    )
    expect(status).toBe(400)
    expect(json['Message']).toBe(
      "1 validation error detected: Value at 'UserEmailList' failed to satisfy constraint: Member must have length less than or equal to 50",
    )
  })

  test('that would make a regular expression backtrack are answered quickly', async () => {
    const AccountId = await givenAccount(tenant)
    const started = cpuTime()
    const { status } = await post(
      `/accounts/${AccountId}/users?operation=add`,
      JSON.stringify({ UserEmailList: ['@'.repeat(1_000_000)] }),
    )
    expect(status).toBe(400)
    expect(cpuTime() - started).toBeLessThan(1000)
  })

  test('of 1 MiB are accepted, and longer ones refused with and without Content-Length', async () => {
    const most = `{"Name":"x","pad":"${'x'.repeat(1024 * 1024 - 21)}"}`
    expect(most).toHaveLength(1024 * 1024)
    expect((await post('/accounts', most)).status).toBe(201)
    const tooLarge = expect.objectContaining({
      status: 413,
      headers: expect.objectContaining({ 'x-amzn-errortype': 'RequestEntityTooLargeException' }),
    })
    expect(await post('/accounts', `${most} `)).toEqual(tooLarge)
    const namingKey = { Authorization: namingKeyOf(tenant).replace('Authorization: ', '') }
    const chunked = {
      method: 'POST',
      path: '/accounts',
      headers: { 'Transfer-Encoding': 'chunked', ...namingKey },
      body: `${most} `,
    }
    expect(await send(belfry.url, chunked)).toEqual(tooLarge)
  })

  test('that are announced with Expect: 100-continue are requested, or refused before they are sent', async () => {
    const head = (length: number) =>
      `POST /accounts HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`
    expect(await exchange(belfry.url, `${head(2)}{}`)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 403 /)
    expect(await exchange(belfry.url, head(2 ** 30))).toMatch(/^HTTP\/1\.1 413 /)
  })
})
