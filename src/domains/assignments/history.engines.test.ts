/** The history of assignments, with the holder of a number at any time. */
import { describe, expect, test } from 'vitest'
import { dayMs, useBelfry } from '../../../test/support/belfry.ts'
import { givenAssignable, givenNumber, givenUser, notFound, refusedRaw } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry()

const call = (text: string, caller = tenant) => callBelfry(belfry.url, caller, text)
const holderAt = async (number: string, at?: Date) => {
  const query = at ? `?at=${at.toISOString()}` : ''
  const { status, json } = await call(`GET /phone-numbers/${encodeURIComponent(number)}/holder${query}`)
  return status === 200 ? (json['Assignment'] as { UserId: string }).UserId : status
}

/** Ann holds the number, then it is free, then Bob holds it. */
async function givenHistory() {
  const input = await givenAssignable(belfry, tenant)
  const bob = await givenUser(tenant, input.AccountId)
  const before = tenant.now()
  belfry.advance(60_000)
  await tenant.chime.associatePhoneNumberWithUser(input)
  belfry.advance(60_000)
  const whileAnn = tenant.now()
  belfry.advance(60_000)
  await tenant.chime.disassociatePhoneNumberFromUser(input)
  belfry.advance(60_000)
  const between = tenant.now()
  belfry.advance(60_000)
  await tenant.chime.associatePhoneNumberWithUser({ ...input, UserId: bob })
  return { ...input, ann: input.UserId, bob, before, whileAnn, between }
}

describe('GetPhoneNumberHolder', () => {
  test('finds the holder at any instant', async () => {
    const { E164PhoneNumber: number, ann, bob, before, whileAnn, between } = await givenHistory()
    expect(await holderAt(number, before)).toBe(404)
    expect(await holderAt(number, whileAnn)).toBe(ann)
    expect(await holderAt(number, between)).toBe(404)
    expect(await holderAt(number)).toBe(bob)
    expect(await holderAt('abc')).toBe(404)
  })

  test('finds the present holder even if the clock was ahead when the number was assigned', async () => {
    const input = await givenAssignable(belfry, tenant)
    belfry.advance(dayMs)
    await tenant.chime.associatePhoneNumberWithUser(input)
    belfry.advance(-dayMs)
    const { PhoneNumber } = await tenant.chime.getPhoneNumber({ PhoneNumberId: input.E164PhoneNumber })
    expect(PhoneNumber?.Status).toBe('Assigned')
    expect(await holderAt(input.E164PhoneNumber)).toBe(input.UserId)
    expect(await holderAt(input.E164PhoneNumber, tenant.now())).toBe(404)
  })

  test('counts the first instant of an interval as held, but not the last', async () => {
    const { E164PhoneNumber, ann } = await givenHistory()
    const { json } = await call(`GET /phone-numbers/${E164PhoneNumber.slice(1)}/assignments`)
    const [first] = json['Assignments'] as { AssignedTimestamp: string; UnassignedTimestamp: string }[]
    expect(await holderAt(E164PhoneNumber, new Date(first?.AssignedTimestamp ?? ''))).toBe(ann)
    expect(await holderAt(E164PhoneNumber, new Date(first?.UnassignedTimestamp ?? ''))).toBe(404)
  })

  test.each(['yesterday', '2026-13-01T00:00:00Z', '2026-01-01T00:00:00+01:00'])('refuses the time %j', async (at) => {
    const answer = await call(`GET /phone-numbers/%2B12065550100/holder?at=${encodeURIComponent(at)}`)
    expect(refusedRaw(answer)).toContain(
      "400 BadRequestException BadRequest: 1 validation error detected: Value at 'At'",
    )
  })
})

/** Clocks of replicas differ slightly, and a transaction may have read the clock a little earlier. */
describe('a clock that is behind', () => {
  const intervalsOf = async (path: string) => {
    const { json } = await call(`GET ${path}/assignments`)
    const list = json['Assignments'] as { AssignedTimestamp: string; UnassignedTimestamp: string | null }[]
    return list.flatMap(({ AssignedTimestamp, UnassignedTimestamp }) => [AssignedTimestamp, UnassignedTimestamp])
  }

  test('starts no interval of a number or a user before the end of the previous one', async () => {
    const { AccountId, UserId: ann, E164PhoneNumber: first } = await givenAssignable(belfry, tenant)
    const [bob, second] = [await givenUser(tenant, AccountId), await givenNumber(belfry, tenant)]
    await tenant.chime.associatePhoneNumberWithUser({ AccountId, UserId: ann, E164PhoneNumber: first })
    belfry.advance(60_000)
    await tenant.chime.disassociatePhoneNumberFromUser({ AccountId, UserId: ann })
    belfry.advance(-30_000)
    await tenant.chime.associatePhoneNumberWithUser({ AccountId, UserId: bob, E164PhoneNumber: first })
    await tenant.chime.associatePhoneNumberWithUser({ AccountId, UserId: ann, E164PhoneNumber: second })
    const [, end, next] = await intervalsOf(`/phone-numbers/${first.slice(1)}`)
    expect(next).toBe(end)
    expect(await intervalsOf(`/accounts/${AccountId}/users/${ann}`)).toEqual([expect.any(String), end, end, null])
    belfry.advance(30_000)
  })

  test('ends no interval before its start', async () => {
    const input = await givenAssignable(belfry, tenant)
    await tenant.chime.associatePhoneNumberWithUser(input)
    belfry.advance(-30_000)
    await tenant.chime.disassociatePhoneNumberFromUser(input)
    const [from, until] = await intervalsOf(`/phone-numbers/${input.E164PhoneNumber.slice(1)}`)
    expect(until).toBe(from)
    belfry.advance(30_000)
  })
})

describe('ListPhoneNumberAssignments, ListUserAssignments', () => {
  test('list the intervals in pages, oldest first, even after the number is purged', async () => {
    const { AccountId, E164PhoneNumber, ann, bob } = await givenHistory()
    await tenant.chime.disassociatePhoneNumberFromUser({ AccountId, UserId: bob })
    await tenant.chime.deletePhoneNumber({ PhoneNumberId: E164PhoneNumber })
    belfry.advance(8 * dayMs)
    await belfry.runJobs()
    const path = `/phone-numbers/${encodeURIComponent(E164PhoneNumber)}/assignments?max-results=1`
    const first = await call(`GET ${path}`)
    const second = await call(`GET ${path}&next-token=${String(first.json['NextToken'])}`)
    expect([first, second].map(({ json }) => json['Assignments'])).toEqual(
      [ann, bob].map((UserId) => [
        {
          AccountId,
          AssignRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          AssignedBy: `arn:aws:iam::${tenant.awsAccountId}:user/tester`,
          AssignedTimestamp: expect.stringMatching(/Z$/),
          E164PhoneNumber,
          UnassignRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          UnassignedBy: `arn:aws:iam::${tenant.awsAccountId}:user/tester`,
          UnassignedTimestamp: expect.stringMatching(/Z$/),
          UserId,
        },
      ]),
    )
    expect(second.json['NextToken']).toBeNull()
    const ofAnn = await call(`GET /accounts/${AccountId}/users/${ann}/assignments`)
    expect(ofAnn.json['Assignments']).toEqual(first.json['Assignments'])
  })

  test('show nothing to another AWS account', async () => {
    const { AccountId, UserId, E164PhoneNumber } = await givenHistory()
    const stranger = await belfry.tenant()
    const ofNumber = await call(`GET /phone-numbers/${encodeURIComponent(E164PhoneNumber)}/assignments`, stranger)
    expect(ofNumber.json['Assignments']).toEqual([])
    expect((await call(`GET /accounts/${AccountId}/users/${UserId}/assignments`, stranger)).status).toBe(404)
    expect((await call(`GET /phone-numbers/${encodeURIComponent(E164PhoneNumber)}/holder`, stranger)).status).toBe(404)
  })

  test('do not find an id that is not a phone number', async () => {
    for (const list of ['assignments', 'holder'])
      expect(refusedRaw(await call(`GET /phone-numbers/nobody/${list}`))).toBe(notFound('PhoneNumber', 'nobody'))
  })
})
