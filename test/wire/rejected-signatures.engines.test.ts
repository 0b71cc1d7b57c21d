/** Signatures with a wrong time, wrong credentials or wrong header names are refused. */
import { describe, expect, test } from 'vitest'
import { createClient, useBelfry } from '../support/belfry.ts'
import { expectRefusal } from '../support/errors.ts'
import { send, signByHand } from '../support/raw.ts'
import { createSigner, incomplete, invalid, mismatch, replaceInAuthorization } from '../support/signing.ts'
import { basicTime } from '../../src/identity/canonical.ts'

const { belfry, tenant } = await useBelfry({ REGIONS: 'us-east-1,eu-west-1' })
const { sign, presign } = createSigner(belfry, tenant)

describe('a signature', () => {
  test.each([
    [-16, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/],
    [16, /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 15 min\.\)$/],
  ])('with a time that is %i minutes off is refused', async (minutes, message) => {
    const at = new Date(tenant.now().getTime() + minutes * 60_000)
    const answer = await send(belfry.url, sign({ path: '/accounts' }, at))
    expect(answer.headers['x-amzn-errortype']).toBe(invalid)
    expect(answer.json['message']).toMatch(message)
  })

  test('with a time that is 14 minutes off is accepted', async () => {
    for (const minutes of [-14, 14]) {
      const at = new Date(tenant.now().getTime() + minutes * 60_000)
      expect((await send(belfry.url, sign({ path: '/accounts' }, at))).status).toBe(200)
    }
  })

  test('with a year of five digits is refused', async () => {
    const time = '+0100000101T000000Z'
    const Date = 'Sat, 01 Jan 10000 00:00:00 GMT'
    const inHeader = signByHand(belfry.url, tenant.credentials, time, { path: '/accounts', headers: { Date } })
    const answer = await send(belfry.url, inHeader)
    expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([403, incomplete])
    const { path } = presign('/accounts')
    const inQuery = await send(belfry.url, {
      path: path.replace(/X-Amz-Date=\w+/, `X-Amz-Date=${encodeURIComponent(Date)}`),
    })
    expect([inQuery.status, inQuery.headers['x-amzn-errortype']]).toEqual([403, incomplete])
  })
})

describe('a request is refused if', () => {
  test('it is signed with another secret', async () => {
    const thief = createClient(belfry.url, { ...tenant.credentials, secretAccessKey: 'x'.repeat(40) })
    await expectRefusal(thief.listAccounts(), invalid, 403, mismatch)
  })

  test.each([
    ['missing', undefined],
    ['wrong', 'other'],
  ])('the session token is %s', async (_, sessionToken) => {
    const { credentials } = await belfry.tenant({ sessionToken: 'token' })
    const { accessKeyId, secretAccessKey } = credentials
    const client = createClient(belfry.url, { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) })
    await expectRefusal(client.listAccounts(), 'UnrecognizedClientException', 403)
  })

  test('the session has expired', async () => {
    const expiresAt = new Date(tenant.now().getTime() - 1).toISOString()
    const { chime } = await belfry.tenant({ sessionToken: 'token', expiresAt })
    await expectRefusal(
      chime.listAccounts(),
      'ExpiredTokenException',
      403,
      /^The security token included in the request is expired$/,
    )
  })

  test('the access key is disabled', async () => {
    const { chime } = await belfry.tenant({ active: false })
    await expectRefusal(chime.listAccounts(), 'UnauthorizedClientException', 401)
  })

  test.each(['AK%00IA', '%00', '%F0%9F%98%80', 'x'.repeat(5000), "'%20or%201=1", '__proto__'])(
    'the access key id is impossible: %s',
    async (id) => {
      const time = basicTime(tenant.now())
      const credential = `X-Amz-Credential=${id}%2F${time.slice(0, 8)}%2Fus-east-1%2Fchime%2Faws4_request`
      const rest = `X-Amz-Date=${time}&X-Amz-SignedHeaders=host&X-Amz-Signature=00`
      const path = `/accounts?X-Amz-Algorithm=AWS4-HMAC-SHA256&${credential}&${rest}`
      const { status, headers } = await send(belfry.url, { path })
      expect([status, headers['x-amzn-errortype']]).toEqual([403, 'UnrecognizedClientException'])
    },
  )
})

describe('the Authorization header', () => {
  test.each([
    ['duplicate names', 'host;host'],
    ['hundreds of names', `host;${Array.from({ length: 100 }, (_, index) => `x-${index}`).join(';')}`],
  ])('is refused if it signs %s of headers', async (_, names) => {
    const answer = await send(
      belfry.url,
      replaceInAuthorization('SignedHeaders=host', `SignedHeaders=${names}`)(sign({ path: '/accounts' })),
    )
    expect(answer.headers['x-amzn-errortype']).toBe(incomplete)
    expect(answer.json['message']).toContain('must name each header once')
  })

  test('is refused if it is sent twice', async () => {
    const signed = sign({ path: '/accounts' })
    const twice = { ...signed.headers, Authorization: [signed.headers?.['Authorization'], 'AWS4-HMAC-SHA256 x=y'] }
    const answer = await send(belfry.url, { ...signed, headers: twice as unknown as Record<string, string> })
    expect(answer.headers['x-amzn-errortype']).toBe(incomplete)
  })
})
