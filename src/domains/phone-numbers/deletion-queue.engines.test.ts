/** The deletion queue: deleting numbers, restoring them and purging them. */
import { type Chime, type PhoneNumber } from '@aws-sdk/client-chime'
import { describe, expect, test } from 'vitest'
import { createClient, dayMs, startBelfry, useBelfry } from '../../../test/support/belfry.ts'
import {
  badRequest,
  completeOrders,
  givenAccount,
  givenAssigned,
  givenNumber,
  givenNumbers,
  givenUser,
  held,
  notFound,
  order,
  refused,
  stillAcquiring,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const callingNameDelayMs = 600_000

const { belfry, tenant, chime } = await useBelfry({ CALLING_NAME_DELAY_MS: String(callingNameDelayMs) })

const idOf = (number: string) => number.replace('+', '%2B')
const get = async (PhoneNumberId: string): Promise<PhoneNumber | undefined> =>
  (await chime.getPhoneNumber({ PhoneNumberId })).PhoneNumber
const raw = (method: string, path: string, body?: string) =>
  sendSigned(belfry.url, tenant, { method, path: `/phone-numbers${path}`, ...(body !== undefined && { body }) })

async function passDays(days: number) {
  belfry.advance(days * dayMs)
  await belfry.runJobs()
}

async function spreadCallingNames() {
  belfry.advance(callingNameDelayMs)
  await belfry.runJobs()
}

const operations: [string, (chime: Chime, PhoneNumberId: string) => Promise<unknown>][] = [
  ['GetPhoneNumber', (caller, PhoneNumberId) => caller.getPhoneNumber({ PhoneNumberId })],
  ['UpdatePhoneNumber', (caller, PhoneNumberId) => caller.updatePhoneNumber({ PhoneNumberId, CallingName: 'Ann' })],
  ['DeletePhoneNumber', (caller, PhoneNumberId) => caller.deletePhoneNumber({ PhoneNumberId })],
  ['RestorePhoneNumber', (caller, PhoneNumberId) => caller.restorePhoneNumber({ PhoneNumberId })],
]

describe('DeletePhoneNumber', () => {
  test('moves the number to the deletion queue, and can be repeated', async () => {
    const number = await givenNumber(belfry, tenant)
    const before = await get(number)
    belfry.advance(1_000)
    const answer = await raw('DELETE', `/${encodeURIComponent(idOf(number))}`)
    expect([answer.status, answer.body]).toEqual([204, ''])
    const queued = await get(number)
    expect(queued).toEqual({
      ...before,
      Status: 'ReleaseInProgress',
      DeletionTimestamp: expect.any(Date),
      UpdatedTimestamp: queued?.DeletionTimestamp,
    })
    expect(Math.abs(Number(queued?.DeletionTimestamp) - Number(tenant.now()))).toBeLessThan(5_000)
    belfry.advance(60_000)
    expect((await chime.deletePhoneNumber({ PhoneNumberId: number })).$metadata.httpStatusCode).toBe(204)
    expect(await get(number)).toEqual(queued)
  })

  test('refuses a number that a user holds', async () => {
    const { E164PhoneNumber } = await givenAssigned(belfry, tenant)
    expect(await refused(chime.deletePhoneNumber({ PhoneNumberId: E164PhoneNumber }))).toBe(held)
    expect(await get(E164PhoneNumber)).toMatchObject({ Status: 'Assigned' })
  })

  test('refuses a number that is being acquired', async () => {
    const [coming = ''] = await belfry.stock(1)
    await order(tenant, [coming])
    expect(await refused(chime.deletePhoneNumber({ PhoneNumberId: coming }))).toBe(stillAcquiring)
    await completeOrders(belfry)
    expect((await get(coming))?.Status).toBe('Unassigned')
  })

  test('either wins or loses against a concurrent association, but never in part', async () => {
    const numbers = await givenNumbers(belfry, tenant, 10)
    const AccountId = await givenAccount(tenant)
    const users = await Promise.all(numbers.map(() => givenUser(tenant, AccountId)))
    const calls = numbers.flatMap((PhoneNumberId, index) => [
      chime.deletePhoneNumber({ PhoneNumberId }),
      chime.associatePhoneNumberWithUser({ AccountId, UserId: users[index], E164PhoneNumber: PhoneNumberId }),
    ])
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    for (const number of numbers) {
      const { Associations = [], DeletionTimestamp } = (await get(number)) ?? {}
      expect([Associations.length, DeletionTimestamp !== undefined]).toBeOneOf([
        [2, false],
        [0, true],
      ])
    }
  })

  test('can be undone for 7 days, after which the number is purged', async () => {
    const number = await givenNumber(belfry, tenant)
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    belfry.advance(7 * dayMs - 60_000)
    await belfry.runJobs()
    expect((await get(number))?.Status).toBe('ReleaseInProgress')
    belfry.advance(60_000)
    await belfry.runJobs()
    for (const [, call] of operations)
      expect(await refused(call(chime, number))).toBe(notFound('PhoneNumber', idOf(number)))
    const { PhoneNumbers } = await chime.listPhoneNumbers({ Status: 'ReleaseInProgress' })
    expect(PhoneNumbers?.map(({ E164PhoneNumber }) => E164PhoneNumber)).not.toContain(number)
  })

  test('lets another AWS account order the number after the purge, as if it were new', async () => {
    const number = await givenNumber(belfry, tenant)
    await chime.updatePhoneNumber({ PhoneNumberId: number, CallingName: 'Ann' })
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    const early = await belfry.tenant()
    await order(early, [number], 'BusinessCalling')
    await completeOrders(belfry)
    expect(await refused(early.chime.getPhoneNumber({ PhoneNumberId: number }))).toContain('404 NotFoundException')
    await passDays(7)
    const next = await belfry.tenant()
    const { CreatedTimestamp } = (await order(next, [number], 'VoiceConnector')) ?? {}
    await completeOrders(belfry)
    const { PhoneNumber } = await next.chime.getPhoneNumber({ PhoneNumberId: number })
    expect(PhoneNumber).toMatchObject({ Status: 'Unassigned', ProductType: 'VoiceConnector', CreatedTimestamp })
    expect(PhoneNumber).toMatchObject({ CallingNameStatus: 'Unassigned' })
    expect(PhoneNumber?.CallingName).toBeUndefined()
    expect(await refused(chime.getPhoneNumber({ PhoneNumberId: number }))).toContain('404 NotFoundException')
  })

  test('lets the same AWS account order the number again after the purge', async () => {
    const { E164PhoneNumber: number, ...user } = await givenAssigned(belfry, tenant)
    await chime.disassociatePhoneNumberFromUser(user)
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    await passDays(7)
    await order(tenant, [number])
    await completeOrders(belfry)
    expect(await get(number)).toMatchObject({ Status: 'Unassigned', Associations: [] })
    await chime.associatePhoneNumberWithUser({ ...user, E164PhoneNumber: number })
  })

  test('counts the days of each number separately', async () => {
    const [first = '', second = ''] = await givenNumbers(belfry, tenant, 2)
    await chime.deletePhoneNumber({ PhoneNumberId: first })
    await passDays(4)
    await chime.deletePhoneNumber({ PhoneNumberId: second })
    await passDays(3)
    expect(await refused(chime.getPhoneNumber({ PhoneNumberId: first }))).toContain('404 NotFoundException')
    expect((await get(second))?.Status).toBe('ReleaseInProgress')
    await passDays(4)
    expect(await refused(chime.getPhoneNumber({ PhoneNumberId: second }))).toContain('404 NotFoundException')
  })
})

describe('RestorePhoneNumber', () => {
  test('restores the number as it was', async () => {
    const number = await givenNumber(belfry, tenant, 'VoiceConnector')
    await chime.updatePhoneNumber({ PhoneNumberId: number, CallingName: 'Ann' })
    await spreadCallingNames()
    const before = await get(number)
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    belfry.advance(1_000)
    const { PhoneNumber, $metadata } = await chime.restorePhoneNumber({ PhoneNumberId: number })
    expect($metadata.httpStatusCode).toBe(200)
    expect(PhoneNumber).toEqual({ ...before, UpdatedTimestamp: expect.any(Date) })
    expect(PhoneNumber).toMatchObject({ Status: 'Unassigned', CallingName: 'Ann', ProductType: 'VoiceConnector' })
    expect(Number(PhoneNumber?.UpdatedTimestamp)).toBeGreaterThanOrEqual(Number(before?.UpdatedTimestamp) + 1_000)
    expect(await get(number)).toEqual(PhoneNumber)
    await passDays(8)
    expect((await get(number))?.Status).toBe('Unassigned')
  })

  test('answers with a number that has no DeletionTimestamp', async () => {
    const number = await givenNumber(belfry, tenant)
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    const { body } = await raw('POST', `/${encodeURIComponent(idOf(number))}?operation=restore`)
    expect(body).toContain('"DeletionTimestamp":null')
    expect(body).toContain('"Associations":[]')
  })

  test('restarts the days if the number is deleted again', async () => {
    const number = await givenNumber(belfry, tenant)
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    await passDays(5)
    await chime.restorePhoneNumber({ PhoneNumberId: number })
    await chime.deletePhoneNumber({ PhoneNumberId: number })
    await passDays(5)
    expect((await chime.restorePhoneNumber({ PhoneNumberId: number })).PhoneNumber?.Status).toBe('Unassigned')
  })

  test('refuses a number that is not in the deletion queue', async () => {
    const { E164PhoneNumber: assigned } = await givenAssigned(belfry, tenant)
    const [coming = ''] = await belfry.stock(1)
    await order(tenant, [coming])
    for (const PhoneNumberId of [assigned, coming, await givenNumber(belfry, tenant)])
      expect(await refused(chime.restorePhoneNumber({ PhoneNumberId }))).toBe(
        badRequest('The phone number is not in the deletion queue'),
      )
    await completeOrders(belfry)
  })

  test('is refused if it would exceed the quota', async () => {
    const owner = await belfry.tenant()
    const [first, second] = await givenNumbers(belfry, owner, 2)
    await owner.chime.deletePhoneNumber({ PhoneNumberId: first })
    const strict = await startBelfry({
      DATABASE: belfry.databaseUrl,
      PHONE_NUMBER_QUOTA: '1',
      CLOCK_SKEW_SECONDS: '86400',
    })
    strict.advance(Number(owner.now()) - Date.now())
    const client = createClient(strict.url, owner.credentials, { systemClockOffset: Number(owner.now()) - Date.now() })
    expect(await refused(client.restorePhoneNumber({ PhoneNumberId: first }))).toBe(
      '400 ResourceLimitExceededException ResourceLimitExceeded: The limit of 1 phone numbers per AWS account would be exceeded',
    )
    expect((await owner.chime.getPhoneNumber({ PhoneNumberId: first })).PhoneNumber?.Status).toBe('ReleaseInProgress')
    expect((await owner.chime.getPhoneNumber({ PhoneNumberId: second })).PhoneNumber?.Status).toBe('Unassigned')
  })
})
