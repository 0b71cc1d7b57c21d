/** The effects of an association, as other operations show them. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import { expectBadRequest, expectNotFound, refusal } from '../../../test/support/errors.ts'
import { changeAccount, givenAccount, givenAssignable, givenNumbers, givenUser } from '../../../test/support/given.ts'
import { callBelfry, sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry()

const associate = (input: { AccountId: string; UserId: string; E164PhoneNumber: string }) =>
  tenant.chime.associatePhoneNumberWithUser(input)

describe('after an association', () => {
  test('the user, the number, the lists and the settings agree', async () => {
    const input = await givenAssignable(belfry, tenant)
    const { AccountId, UserId, E164PhoneNumber } = input
    const { chime } = tenant
    await chime.updateUserSettings({
      ...input,
      UserSettings: { Telephony: { InboundCalling: true, OutboundCalling: true, SMS: true } },
    })
    const before = await chime.getUser(input)
    await associate(input)

    expect((await chime.getUser(input)).User).toEqual({ ...before.User, PrimaryProvisionedNumber: E164PhoneNumber })
    const { PhoneNumber } = await chime.getPhoneNumber({ PhoneNumberId: E164PhoneNumber })
    expect(PhoneNumber?.Status).toBe('Assigned')
    const AssociatedTimestamp = PhoneNumber?.UpdatedTimestamp
    expect(PhoneNumber?.Associations).toEqual([
      { AssociatedTimestamp, Name: 'AccountId', Value: AccountId },
      { AssociatedTimestamp, Name: 'UserId', Value: UserId },
    ])
    for (const filter of [
      { FilterName: 'UserId', FilterValue: UserId },
      { FilterName: 'AccountId', FilterValue: AccountId },
    ] as const)
      expect((await chime.listPhoneNumbers(filter)).PhoneNumbers).toEqual([PhoneNumber])
    expect((await chime.listUsers(input)).Users?.[0]?.PrimaryProvisionedNumber).toBe(E164PhoneNumber)
    const { UserSettings } = await chime.getUserSettings(input)
    expect(UserSettings).toEqual({ Telephony: { InboundCalling: false, OutboundCalling: false, SMS: false } })
    await expectBadRequest(chime.deletePhoneNumber({ PhoneNumberId: E164PhoneNumber }))
    await expectBadRequest(chime.updatePhoneNumber({ PhoneNumberId: E164PhoneNumber, ProductType: 'VoiceConnector' }))
  })

  test('DisassociatePhoneNumberFromUser undoes its effects', async () => {
    const input = await givenAssignable(belfry, tenant)
    await associate(input)
    const answer = await sendSigned(belfry.url, tenant, {
      method: 'POST',
      path: `/accounts/${input.AccountId}/users/${input.UserId}?operation=disassociate-phone-number`,
    })
    expect([answer.status, answer.body]).toEqual([200, '{}'])
    expect((await tenant.chime.getUser(input)).User?.PrimaryProvisionedNumber).toBeUndefined()
    const { PhoneNumber } = await tenant.chime.getPhoneNumber({ PhoneNumberId: input.E164PhoneNumber })
    expect(PhoneNumber).toMatchObject({ Status: 'Unassigned', Associations: [], ProductType: 'BusinessCalling' })
    await expectNotFound(
      tenant.chime.disassociatePhoneNumberFromUser(input),
      `Could not find PhoneNumber for User with Id '${input.UserId}'`,
    )
    await expectNotFound(tenant.chime.disassociatePhoneNumberFromUser({ ...input, UserId: 'nobody' }))
    await associate({ ...input, UserId: await givenUser(tenant, input.AccountId) })
  })

  test('a suspended user can be disassociated from the number', async () => {
    const input = await givenAssignable(belfry, tenant)
    await changeAccount(belfry, input.AccountId, { account_type: 'EnterpriseLWA' })
    await associate(input)
    await tenant.chime.batchSuspendUser({ ...input, UserIdList: [input.UserId] })
    expect((await tenant.chime.getUser(input)).User?.PrimaryProvisionedNumber).toBe(input.E164PhoneNumber)
    await tenant.chime.disassociatePhoneNumberFromUser(input)
  })
})

describe('concurrent associations', () => {
  const count = 30

  /** Users with calling switched on, and as many numbers. */
  async function givenMany() {
    const AccountId = await givenAccount(tenant)
    const UserIds = await Promise.all(Array.from({ length: count }, () => givenUser(tenant, AccountId)))
    const UserSettings = { Telephony: { InboundCalling: true, OutboundCalling: true, SMS: true } }
    await Promise.all(UserIds.map((UserId) => tenant.chime.updateUserSettings({ AccountId, UserId, UserSettings })))
    return { AccountId, UserIds, numbers: await givenNumbers(belfry, tenant, count) }
  }

  const journalled = async (UserId: string) => {
    const { json } = await callBelfry(belfry.url, tenant, `GET /events?resource-id=${UserId}`)
    return (json['Events'] as { EventName: string }[]).map(({ EventName }) => EventName)
  }

  test('give each user a number, reset permissions and a journal entry', async () => {
    const { AccountId, UserIds, numbers } = await givenMany()
    await Promise.all(UserIds.map((UserId, at) => associate({ AccountId, UserId, E164PhoneNumber: numbers[at] ?? '' })))
    for (const [at, UserId] of UserIds.entries()) {
      const { User } = await tenant.chime.getUser({ AccountId, UserId })
      expect(User?.PrimaryProvisionedNumber).toBe(numbers[at])
      const { UserSettings } = await tenant.chime.getUserSettings({ AccountId, UserId })
      expect(UserSettings?.Telephony).toEqual({ InboundCalling: false, OutboundCalling: false, SMS: false })
      expect((await journalled(UserId)).at(-1)).toBe('AssociatePhoneNumberWithUser')
    }
  })

  test('are not disturbed by concurrent disassociations', async () => {
    const { AccountId, UserIds, numbers } = await givenMany()
    const half = count / 2
    const [holders, others] = [UserIds.slice(0, half), UserIds.slice(half)]
    const take = (UserId: string, at: number) => associate({ AccountId, UserId, E164PhoneNumber: numbers[at] ?? '' })
    await Promise.all(holders.map(take))
    const partings = holders.map((UserId) => tenant.chime.disassociatePhoneNumberFromUser({ AccountId, UserId }))
    // Each user asks for a number that is just released and a free one, and gets the one that is available first.
    const takings = others.map((UserId, at) => Promise.allSettled([take(UserId, at), take(UserId, at + half)]))
    await Promise.all(partings)
    for (const [at, ends] of (await Promise.all(takings)).entries()) {
      const taken = ends.flatMap(({ status }, which) => (status === 'fulfilled' ? [numbers[at + which * half]] : []))
      const { User } = await tenant.chime.getUser({ AccountId, UserId: others[at] })
      expect(taken).toEqual([User?.PrimaryProvisionedNumber])
    }
    for (const UserId of holders) {
      expect((await tenant.chime.getUser({ AccountId, UserId })).User?.PrimaryProvisionedNumber).toBeUndefined()
      expect((await journalled(UserId)).at(-1)).toBe('DisassociatePhoneNumberFromUser')
    }
  })

  test('are refused for their own reasons only, and the others succeed', async () => {
    const { AccountId, UserIds, numbers } = await givenMany()
    const unknown = ['NULL', '"', '{}', 'a,b', "'", '$1', '\\', 'nobody']
    const refusals = unknown.map((UserId) =>
      refusal(associate({ AccountId, UserId, E164PhoneNumber: numbers[0] ?? '' })),
    )
    const done = UserIds.slice(1).map((UserId, at) =>
      associate({ AccountId, UserId, E164PhoneNumber: numbers[at + 1] ?? '' }),
    )
    expect((await Promise.all(refusals)).map(({ message }) => message)).toEqual(
      unknown.map((UserId) => `Could not find User with Id '${UserId}'`),
    )
    await Promise.all(done)
    const { PhoneNumbers } = await tenant.chime.listPhoneNumbers({ FilterName: 'AccountId', FilterValue: AccountId })
    expect(PhoneNumbers?.map(({ E164PhoneNumber }) => E164PhoneNumber).toSorted()).toEqual(numbers.slice(1).toSorted())
  })
})
