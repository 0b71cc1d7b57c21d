/** If the connection breaks before the response, the SDK retries, and the retried operation takes effect once. */
import { type Chime, Chime as Client } from '@aws-sdk/client-chime'
import { expect, test } from 'vitest'
import { useBelfry } from '../support/belfry.ts'
import { givenAssignable, givenEnterprise, givenNumber } from '../support/given.ts'
import { callBelfry } from '../support/raw.ts'
import { type ResponseDroppingProxy, startResponseDroppingProxy } from '../support/response-dropping-proxy.ts'

const { belfry, tenant } = await useBelfry()

/** Calls an operation with the retries of the SDK, through a proxy that drops the first two responses. */
async function callWithRetries<Answer>(send: (chime: Chime) => Promise<Answer>): Promise<Answer> {
  const proxy: ResponseDroppingProxy = await startResponseDroppingProxy(belfry.url)
  const chime = new Client({
    endpoint: proxy.url,
    region: 'us-east-1',
    credentials: tenant.credentials,
    systemClockOffset: tenant.chime.config.systemClockOffset,
  })
  proxy.dropResponses(2)
  const answer = await send(chime)
  expect(proxy.forwarded()).toBe(3)
  return answer
}

const showNumber = async (PhoneNumberId: string) => (await tenant.chime.getPhoneNumber({ PhoneNumberId })).PhoneNumber

test('retrying AssociatePhoneNumberWithUser changes nothing', async () => {
  const input = await givenAssignable(belfry, tenant)
  await callWithRetries((chime) => chime.associatePhoneNumberWithUser(input))
  const path = `GET /phone-numbers/${input.E164PhoneNumber.slice(1)}/assignments`
  const { json } = await callBelfry(belfry.url, tenant, path)
  expect(json['Assignments']).toEqual([expect.objectContaining({ UserId: input.UserId, UnassignedTimestamp: null })])
  const telephony = { InboundCalling: true, OutboundCalling: true, SMS: true }
  await tenant.chime.updateUserSettings({ ...input, UserSettings: { Telephony: telephony } })
  const before = await showNumber(input.E164PhoneNumber)
  belfry.advance(60_000)
  await callWithRetries((chime) => chime.associatePhoneNumberWithUser(input))
  expect(await showNumber(input.E164PhoneNumber)).toEqual(before)
  expect((await tenant.chime.getUserSettings(input)).UserSettings?.Telephony).toEqual(telephony)
})

test('retrying CreateRoom creates one room, because the SDK sends the same client token', async () => {
  const AccountId = await givenEnterprise(belfry, tenant)
  const { Room } = await callWithRetries((chime) => chime.createRoom({ AccountId, Name: 'Room' }))
  const { Rooms } = await tenant.chime.listRooms({ AccountId })
  expect(Rooms).toEqual([Room])
})

test('retrying DeletePhoneNumber keeps the deletion time of the first call', async () => {
  const PhoneNumberId = await givenNumber(belfry, tenant)
  await callWithRetries((chime) => chime.deletePhoneNumber({ PhoneNumberId }))
  const before = await showNumber(PhoneNumberId)
  expect(before?.Status).toBe('ReleaseInProgress')
  belfry.advance(60_000)
  await callWithRetries((chime) => chime.deletePhoneNumber({ PhoneNumberId }))
  expect(await showNumber(PhoneNumberId)).toEqual(before)
})

test('retrying DisassociatePhoneNumberFromUser is answered NotFoundException and disassociates no other number', async () => {
  const input = await givenAssignable(belfry, tenant)
  await tenant.chime.associatePhoneNumberWithUser(input)
  await expect(callWithRetries((chime) => chime.disassociatePhoneNumberFromUser(input))).rejects.toMatchObject({
    name: 'NotFoundException',
  })
  expect((await showNumber(input.E164PhoneNumber))?.Status).toBe('Unassigned')
})
