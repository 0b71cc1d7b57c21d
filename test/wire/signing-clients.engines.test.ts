/** Requests signed by independent clients are accepted. */
import { Chime } from '@aws-sdk/client-chime'
import ChimeV2 from 'aws-sdk/clients/chime.js'
import { AwsClient } from 'aws4fetch'
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../support/belfry.ts'
import { givenAccount, givenNumber } from '../support/given.ts'
import { send, sendSigned, signByHand } from '../support/raw.ts'
import { createSigner } from '../support/signing.ts'
import { basicTime } from '../../src/identity/canonical.ts'

const { belfry, tenant } = await useBelfry({ REGIONS: 'us-east-1,eu-west-1' })
const { sign, presign } = createSigner(belfry, tenant)
await givenAccount(tenant, 'Signed & sealed')
const number = await givenNumber(belfry, tenant)

describe('the server accepts', () => {
  test('requests of @aws-sdk/client-chime', async () => {
    const { Accounts } = await tenant.chime.listAccounts({ Name: 'Signed & sealed' })
    expect(Accounts).toHaveLength(1)
    expect((await tenant.chime.getPhoneNumber({ PhoneNumberId: number })).PhoneNumber?.E164PhoneNumber).toBe(number)
    const PhoneNumberId = number.replace('+', '%2B')
    expect((await tenant.chime.getPhoneNumber({ PhoneNumberId })).PhoneNumber?.PhoneNumberId).toBe(PhoneNumberId)
  })

  test('requests of aws-sdk version 2', async () => {
    const client = new ChimeV2({ endpoint: belfry.url, region: 'eu-west-1', credentials: tenant.credentials })
    const { Accounts } = await client.listAccounts({ Name: 'Signed & sealed' }).promise()
    expect(Accounts).toHaveLength(1)
    const found = await client.getPhoneNumber({ PhoneNumberId: number }).promise()
    expect(found.PhoneNumber?.E164PhoneNumber).toBe(number)
    await client.deletePhoneNumber({ PhoneNumberId: number }).promise()
    // This client sends `{}` as application/json for operations without a body.
    const restored = await client.restorePhoneNumber({ PhoneNumberId: number }).promise()
    expect(restored.PhoneNumber?.Status).toBe('Unassigned')
  })

  test('requests of aws-sdk version 2 to an endpoint that ends in /console', async () => {
    const endpoint = `${belfry.url}/console`
    const client = new ChimeV2({ endpoint, region: 'us-east-1', credentials: tenant.credentials })
    expect((await client.listAccounts().promise()).Accounts).toHaveLength(1)
  })

  test('requests signed by aws4', async () => {
    const answer = await sendSigned(belfry.url, tenant, { path: '/accounts?name=Signed%20%26%20sealed' })
    expect(answer.json['Accounts']).toHaveLength(1)
    const found = await sendSigned(belfry.url, tenant, { path: `/phone-numbers/${encodeURIComponent(number)}` })
    expect(found.status).toBe(200)
  })

  test('requests signed by aws4fetch', async () => {
    const client = new AwsClient({ ...tenant.credentials, service: 'chime', region: 'us-east-1', retries: 0 })
    const headers = { 'X-Amz-Date': basicTime(tenant.now()) }
    const answer = await client.fetch(`${belfry.url}/phone-numbers/${encodeURIComponent(number)}`, { headers })
    expect(answer.status).toBe(200)
    const path = '/accounts?name=Signed%20%26%20sealed'
    expect((await client.fetch(belfry.url + path, { headers })).status).toBe(200)
  })

  test('a presigned URL', async () => {
    const answer = await send(belfry.url, presign('/accounts?max-results=5'))
    expect(answer.status).toBe(200)
  })

  test('a Date header in place of X-Amz-Date', async () => {
    const headers = { Date: tenant.now().toUTCString() }
    const signed = signByHand(belfry.url, tenant.credentials, basicTime(tenant.now()), { path: '/accounts', headers })
    expect((await send(belfry.url, signed)).status).toBe(200)
  })

  test('temporary credentials with a session token', async () => {
    const session = await belfry.tenant({ sessionToken: 'a/session+token==' })
    expect((await session.chime.listAccounts()).Accounts).toEqual([])
  })

  test('unsigned headers in addition to signed ones', async () => {
    const signed = sign({ path: '/accounts' })
    const headers = { ...signed.headers, 'amz-sdk-request': 'attempt=1', constructor: 'x' }
    expect((await send(belfry.url, { ...signed, headers })).status).toBe(200)
  })

  test('a chunked body', async () => {
    const request = { method: 'POST', path: '/accounts', body: JSON.stringify({ Name: 'In chunks' }) }
    const time = basicTime(tenant.now())
    const headers = { 'X-Amz-Date': time, 'Transfer-Encoding': 'chunked' }
    const signed = signByHand(belfry.url, tenant.credentials, time, { ...request, headers })
    expect((await send(belfry.url, signed)).status).toBe(201)
  })
})

test('the SDK corrects the offset of a wrong clock and retries', async () => {
  const late = new Chime({
    endpoint: belfry.url,
    region: 'us-east-1',
    credentials: tenant.credentials,
    systemClockOffset: tenant.now().getTime() - Date.now() - 3_600_000,
  })
  expect((await late.listAccounts()).Accounts).toBeDefined()
})
