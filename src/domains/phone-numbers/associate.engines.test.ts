/** One test for each row of docs/associate-phone-number-with-user.md, named after the row. */
import { describe, expect, test } from 'vitest'
import { dayMs, useBelfry } from '../../../test/support/belfry.ts'
import { expectBadRequest, expectNotFound, expectRefusal, refusal } from '../../../test/support/errors.ts'
import {
  changeAccount,
  completeOrders,
  givenAccount,
  givenAssignable,
  givenNumber,
  givenUser,
  newEmail,
  withdraw,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry({ RESTRICTED_AWS_ACCOUNTS: '999900009999' })

const associate = (input: { AccountId: string; UserId: string; E164PhoneNumber: string }, caller = tenant) =>
  caller.chime.associatePhoneNumberWithUser(input)

const pathOf = ({ AccountId, UserId }: { AccountId: string; UserId: string }) =>
  `/accounts/${AccountId}/users/${UserId}?operation=associate-phone-number`

const post = (path: string, body?: string | Buffer) =>
  sendSigned(belfry.url, tenant, { method: 'POST', path, ...(body && { body }) })

describe('AssociatePhoneNumberWithUser', () => {
  test('1: all preconditions hold', async () => {
    const input = await givenAssignable(belfry, tenant)
    const answer = await post(pathOf(input), JSON.stringify({ E164PhoneNumber: input.E164PhoneNumber }))
    expect(answer.status).toBe(200)
    expect(answer.body).toBe('{}')
    expect(answer.headers['content-length']).toBe('2')
    expect(answer.headers['content-type']).toBe('application/json')
  })

  test.each([
    ['absent', undefined],
    ['not JSON', '{"E164PhoneNumber": +1206}'],
    ['an array', '[]'],
    ['a text', '"+12065550100"'],
    ['null', 'null'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
  ])('2: the body is %s', async (_, body) => {
    const input = await givenAssignable(belfry, tenant)
    const answer = await post(pathOf(input), body)
    expect(answer.status).toBe(400)
    expect(answer.headers['x-amzn-errortype']).toBe('BadRequestException')
    expect(answer.json['Code']).toBe('BadRequest')
  })

  test.each([
    ['missing', {}],
    ['null', { E164PhoneNumber: null }],
    ['a number', { E164PhoneNumber: 12065550100 }],
    ['a list', { E164PhoneNumber: ['+12065550100'] }],
  ])('3: E164PhoneNumber is %s', async (_, members) => {
    const input = await givenAssignable(belfry, tenant)
    const answer = await post(pathOf(input), JSON.stringify(members))
    expect(answer.status).toBe(400)
    expect(answer.headers['x-amzn-errortype']).toBe('BadRequestException')
    expect(answer.json['Message']).toMatch(
      /^1 validation error detected: Value at 'E164PhoneNumber' failed to satisfy constraint: Member must /,
    )
  })

  test.each([
    '',
    '02065550100',
    '+02065550100',
    '+1234567890123456',
    '+1 206 555 0100',
    '+1-206-555-0100',
    '%2B12065550100',
    '+1206555010a',
    '+12065550100\n',
  ])('4: E164PhoneNumber is %j', async (E164PhoneNumber) => {
    const input = await givenAssignable(belfry, tenant)
    const error = await refusal(associate({ ...input, E164PhoneNumber }))
    expect(error.name).toBe('BadRequestException')
    expect(error.message).toContain('Member must satisfy regular expression pattern: ^\\+?[1-9]\\d{1,14}$')
    if (E164PhoneNumber !== '') expect(error.message).not.toContain(E164PhoneNumber)
  })

  test.each(['/accounts//users/u', '/accounts/%20/users/u', '/accounts/a/users/', '/accounts/a/users/%09'])(
    '4a: a blank segment: %s',
    async (path) => {
      const answer = await post(`${path}?operation=associate-phone-number`, '{"E164PhoneNumber":"+12065550100"}')
      expect(answer.status).toBe(400)
      expect(answer.headers['x-amzn-errortype']).toBe('BadRequestException')
    },
  )

  test('5: a number without its plus', async () => {
    const input = await givenAssignable(belfry, tenant)
    await associate({ ...input, E164PhoneNumber: input.E164PhoneNumber.slice(1) })
    const { User } = await tenant.chime.getUser(input)
    expect(User?.PrimaryProvisionedNumber).toBe(input.E164PhoneNumber)
  })

  test('6: an unknown account, or one of another AWS account', async () => {
    const input = await givenAssignable(belfry, tenant)
    await expectNotFound(associate({ ...input, AccountId: 'nobody' }), "Could not find Account with Id 'nobody'")
    const stranger = await belfry.tenant()
    await expectNotFound(associate(input, stranger), `Could not find Account with Id '${input.AccountId}'`)
  })

  test('7: a suspended account, a deleted account', async () => {
    const suspended = await givenAssignable(belfry, tenant)
    await changeAccount(belfry, suspended.AccountId, { account_status: 'Suspended' })
    await expectRefusal(associate(suspended), 'ForbiddenException', 403)
    const deleted = await givenAssignable(belfry, tenant)
    await tenant.chime.batchSuspendUser({ ...deleted, UserIdList: [deleted.UserId] })
    await tenant.chime.deleteAccount(deleted)
    await expectNotFound(associate(deleted))
  })

  test('8: an unknown user, or one of another account', async () => {
    const input = await givenAssignable(belfry, tenant)
    const elsewhere = await givenUser(tenant, await givenAccount(tenant))
    await expectNotFound(associate({ ...input, UserId: 'nobody' }), "Could not find User with Id 'nobody'")
    await expectNotFound(associate({ ...input, UserId: elsewhere }), `Could not find User with Id '${elsewhere}'`)
  })

  test('9: the id of something that is not a user', async () => {
    const input = await givenAssignable(belfry, tenant)
    await expectNotFound(associate({ ...input, UserId: input.AccountId }), 'Could not find User')
  })

  test("10: a number outside the inventory, or of another AWS account's", async () => {
    const input = await givenAssignable(belfry, tenant)
    const [inStock = ''] = await belfry.stock(1)
    await expectNotFound(
      associate({ ...input, E164PhoneNumber: inStock }),
      `Could not find PhoneNumber with Id '${inStock.replace('+', '%2B')}'`,
    )
    const foreign = await givenNumber(belfry, await belfry.tenant())
    await expectNotFound(associate({ ...input, E164PhoneNumber: foreign }), 'Could not find PhoneNumber')
  })

  test('11: a number that is being acquired, or could not be', async () => {
    const input = await givenAssignable(belfry, tenant)
    const [coming = '', lost = ''] = await belfry.stock(2)
    await tenant.chime.createPhoneNumberOrder({ ProductType: 'BusinessCalling', E164PhoneNumbers: [coming, lost] })
    await expectBadRequest(associate({ ...input, E164PhoneNumber: coming }), 'still being acquired')
    await withdraw(belfry, [lost])
    await completeOrders(belfry)
    await expectBadRequest(associate({ ...input, E164PhoneNumber: lost }), 'could not be acquired')
  })

  test('12: a number in the deletion queue', async () => {
    const input = await givenAssignable(belfry, tenant)
    await tenant.chime.deletePhoneNumber({ PhoneNumberId: input.E164PhoneNumber })
    await expectBadRequest(associate(input), 'deletion queue')
    await tenant.chime.restorePhoneNumber({ PhoneNumberId: input.E164PhoneNumber })
    await associate(input)
  })

  test('13: a number that was purged after its days', async () => {
    const input = await givenAssignable(belfry, tenant)
    await tenant.chime.deletePhoneNumber({ PhoneNumberId: input.E164PhoneNumber })
    belfry.advance(7 * dayMs + 1)
    await belfry.runJobs()
    await expectNotFound(associate(input), 'Could not find PhoneNumber')
  })

  test.each(['VoiceConnector', 'SipMediaApplicationDialIn'] as const)('14: a number for %s', async (product) => {
    const input = await givenAssignable(belfry, tenant)
    const number = await givenNumber(belfry, tenant, product)
    await expectBadRequest(associate({ ...input, E164PhoneNumber: number }), 'BusinessCalling')
  })

  test('15: the number is with this user already', async () => {
    const input = await givenAssignable(belfry, tenant)
    await associate(input)
    const permissions = { Telephony: { InboundCalling: true, OutboundCalling: false, SMS: true } }
    await tenant.chime.updateUserSettings({ ...input, UserSettings: permissions })
    const before = await tenant.chime.getPhoneNumber({ PhoneNumberId: input.E164PhoneNumber })
    belfry.advance(60_000)
    await associate(input)
    const after = await tenant.chime.getPhoneNumber({ PhoneNumberId: input.E164PhoneNumber })
    expect(after.PhoneNumber).toEqual(before.PhoneNumber)
    expect((await tenant.chime.getUserSettings(input)).UserSettings).toEqual(permissions)
  })

  test('16: the number is with another user', async () => {
    const input = await givenAssignable(belfry, tenant)
    await associate(input)
    const colleague = await givenUser(tenant, input.AccountId)
    await expectBadRequest(associate({ ...input, UserId: colleague }), 'another user')
    const elsewhere = await givenAssignable(belfry, tenant)
    await expectBadRequest(associate({ ...elsewhere, E164PhoneNumber: input.E164PhoneNumber }), 'another user')
    const { User } = await tenant.chime.getUser(input)
    expect(User?.PrimaryProvisionedNumber).toBe(input.E164PhoneNumber)
  })

  test('17: the user has a different number', async () => {
    const input = await givenAssignable(belfry, tenant)
    await associate(input)
    const second = await givenNumber(belfry, tenant)
    await expectBadRequest(associate({ ...input, E164PhoneNumber: second }), 'another phone number')
    const { PhoneNumber } = await tenant.chime.getPhoneNumber({ PhoneNumberId: second })
    expect(PhoneNumber?.Status).toBe('Unassigned')
  })

  test('18: the user is suspended', async () => {
    const input = await givenAssignable(belfry, tenant)
    await tenant.chime.batchSuspendUser({ ...input, UserIdList: [input.UserId] })
    await expectBadRequest(associate(input), 'suspended')
  })

  test('19: the user has not accepted the invitation yet', async () => {
    const input = await givenAssignable(belfry, tenant)
    const UserEmail = newEmail()
    await tenant.chime.inviteUsers({ ...input, UserEmailList: [UserEmail] })
    const { Users = [] } = await tenant.chime.listUsers({ ...input, UserEmail })
    await associate({ ...input, UserId: Users[0]?.UserId ?? '' })
  })

  test('20: the license of the user is Basic', async () => {
    const input = await givenAssignable(belfry, tenant)
    await tenant.chime.updateUser({ ...input, LicenseType: 'Basic' })
    await associate(input)
  })

  test('21: 50 at once for one number: one gets it', async () => {
    const input = await givenAssignable(belfry, tenant)
    const users = await Promise.all(Array.from({ length: 50 }, () => givenUser(tenant, input.AccountId)))
    const outcomes = await Promise.all(users.map((UserId) => outcomeOf(associate({ ...input, UserId }))))
    expect(outcomes.filter((it) => it === 'done')).toHaveLength(1)
    expect(outcomes.filter((it) => it === 'The phone number is associated with another user')).toHaveLength(49)
    const { PhoneNumber } = await tenant.chime.getPhoneNumber({ PhoneNumberId: input.E164PhoneNumber })
    const holder = PhoneNumber?.Associations?.find(({ Name }) => Name === 'UserId')?.Value
    expect(holder).toBe(users[outcomes.indexOf('done')])
  })

  test('21: 50 at once for one user: they get one', async () => {
    const input = await givenAssignable(belfry, tenant)
    const numbers = await belfry.stock(50)
    await tenant.chime.createPhoneNumberOrder({ ProductType: 'BusinessCalling', E164PhoneNumbers: numbers })
    await completeOrders(belfry)
    const outcomes = await Promise.all(
      numbers.map((E164PhoneNumber) => outcomeOf(associate({ ...input, E164PhoneNumber }))),
    )
    expect(outcomes.filter((it) => it === 'done')).toHaveLength(1)
    expect(outcomes.filter((it) => it === 'The user is associated with another phone number')).toHaveLength(49)
    const { User } = await tenant.chime.getUser(input)
    expect(User?.PrimaryProvisionedNumber).toBe(numbers[outcomes.indexOf('done')])
  })

  test('22: the caller lacks the permission', async () => {
    const input = await givenAssignable(belfry, tenant)
    const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: ['chime:Get*'], Resource: '*' }] })
    const reader = await belfry.tenant({ awsAccountId: tenant.awsAccountId, policy })
    const error = await refusal(associate(input, reader))
    expect(error.name).toBe('AccessDeniedException')
    expect(error.$metadata.httpStatusCode).toBe(403)
    expect(error.Code).toBe('AccessDenied')
    expect(error.message).toBe(
      `User: arn:aws:iam::${tenant.awsAccountId}:user/${reader.principal} is not authorized to perform: chime:AssociatePhoneNumberWithUser on resource: * because no identity-based policy allows the chime:AssociatePhoneNumberWithUser action`,
    )
    expect((await reader.chime.getUser(input)).User?.PrimaryProvisionedNumber).toBeUndefined()
  })

  test('23: the AWS account is barred from telephony', async () => {
    const barred = await belfry.tenant({ awsAccountId: '999900009999' })
    const AccountId = await givenAccount(barred)
    const UserId = await givenUser(barred, AccountId)
    const call = associate({ AccountId, UserId, E164PhoneNumber: '+12065550100' }, barred)
    await expectRefusal(call, 'AccessDeniedException', 403, 'Service is restricted for AWSAccountId 999900009999')
  })

  test('24: over the rate limit', async () => {
    const input = await givenAssignable(belfry, tenant)
    const hasty = await belfry.tenant({ awsAccountId: tenant.awsAccountId, requestsPerSecond: 1 })
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => associate(input, hasty)))
    const throttled = outcomes.flatMap((it) => (it.status === 'rejected' ? [it.reason as unknown] : []))
    expect(throttled.length).toBeGreaterThanOrEqual(8)
    for (const error of throttled)
      expect(error).toMatchObject({ name: 'ThrottledClientException', Code: 'Throttled', message: 'Rate exceeded' })
  })

  test('25: body members it does not know are ignored', async () => {
    const input = await givenAssignable(belfry, tenant)
    const { E164PhoneNumber } = input
    const body = JSON.stringify({ E164PhoneNumber, __type: 'x', AccountId: 'other', Force: true, nested: [{}] })
    const answer = await post(pathOf(input), body)
    expect([answer.status, answer.body]).toEqual([200, '{}'])
  })
})

const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: Error) => error.message,
  )
