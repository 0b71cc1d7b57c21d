/** What stays on record: every change, and who held a number when. */
import { beforeAll, describe, expect, test } from 'vitest'
import { type Tenant, type TestBelfry, dayMs, startBelfry } from '../../../test/support/belfry.ts'
import { expectBadRequest } from '../../../test/support/errors.ts'
import { givenAssignable, givenUser } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

let belfry: TestBelfry
let tenant: Tenant

beforeAll(async () => {
  belfry = await startBelfry()
  tenant = await belfry.tenant()
})

const journalOf = ({ awsAccountId }: Tenant) =>
  belfry.database.read((db) =>
    db.selectFrom('journal').selectAll().where('aws_account_id', '=', awsAccountId).orderBy('event_id').execute(),
  )

const intervalsOf = (phoneNumber: string) =>
  belfry.database.read((db) =>
    db.selectFrom('assignments').selectAll().where('phone_number', '=', phoneNumber).orderBy('assigned_at').execute(),
  )

test('every change is journalled with who, what and when; reads and refusals are not', async () => {
  const caller = await belfry.tenant()
  const input = await givenAssignable(belfry, caller)
  const { $metadata } = await caller.chime.associatePhoneNumberWithUser(input)
  await caller.chime.getUser(input)
  await expectBadRequest(caller.chime.deletePhoneNumber({ PhoneNumberId: input.E164PhoneNumber }))
  const events = await journalOf(caller)
  expect(events.map(({ event_name }) => event_name)).toEqual([
    'CreateAccount',
    'CreateUser',
    'CreatePhoneNumberOrder',
    'CompletePhoneNumberOrder',
    'AssociatePhoneNumberWithUser',
  ])
  expect(events.at(-1)).toMatchObject({
    aws_account_id: caller.awsAccountId,
    principal_arn: `arn:aws:iam::${caller.awsAccountId}:user/tester`,
    access_key_id: caller.credentials.accessKeyId,
    request_id: $metadata.requestId,
    source_ip: '127.0.0.1',
  })
  expect(events.at(-1)?.user_agent).toContain('aws-sdk-js')
  expect(JSON.parse(events.at(-1)?.request_parameters ?? '')).toEqual({
    AccountId: input.AccountId,
    E164PhoneNumber: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    UserId: input.UserId,
  })
})

test('an assignment is an interval that stays when the number has moved on, and when it is gone', async () => {
  const input = await givenAssignable(belfry, tenant)
  const colleague = await givenUser(tenant, input.AccountId)
  const first = await tenant.chime.associatePhoneNumberWithUser(input)
  belfry.advance(1000)
  const parting = await tenant.chime.disassociatePhoneNumberFromUser(input)
  belfry.advance(1000)
  await tenant.chime.associatePhoneNumberWithUser({ ...input, UserId: colleague })
  const [past, present] = await intervalsOf(input.E164PhoneNumber)
  const by = `arn:aws:iam::${tenant.awsAccountId}:user/tester`
  expect(past).toMatchObject({
    user_id: input.UserId,
    assigned_by: by,
    assign_request_id: first.$metadata.requestId,
    unassigned_by: by,
    unassign_request_id: parting.$metadata.requestId,
  })
  expect((past?.unassigned_at ?? '') > (past?.assigned_at ?? '')).toBe(true)
  expect(present).toMatchObject({ user_id: colleague, unassigned_at: null, unassigned_by: null })

  await tenant.chime.disassociatePhoneNumberFromUser({ ...input, UserId: colleague })
  await tenant.chime.deletePhoneNumber({ PhoneNumberId: input.E164PhoneNumber })
  belfry.advance(7 * dayMs + 1)
  await belfry.runJobs()
  expect(await intervalsOf(input.E164PhoneNumber)).toHaveLength(2)
})

test('neither log nor journal knows secrets, numbers or addresses', async () => {
  const caller = await belfry.tenant()
  const input = await givenAssignable(belfry, caller)
  await caller.chime.associatePhoneNumberWithUser(input)
  await caller.chime.listUsers({ ...input, UserEmail: 'hidden@example.com' })
  await expectBadRequest(caller.chime.createUser({ ...input, Email: 'not-an-address' }))
  const written = belfry.log.join('') + JSON.stringify(await journalOf(caller))
  const sensitive = [
    caller.credentials.secretAccessKey,
    input.E164PhoneNumber,
    'hidden@example.com',
    'not-an-address',
    'Signature=',
  ]
  for (const text of sensitive) expect(written).not.toContain(text)
})

describe('ListEvents', () => {
  const list = async (caller: Tenant, query = '') =>
    (await callBelfry(belfry.url, caller, `GET /events${query}`)).json as {
      Events: Record<string, string>[]
      NextToken: string
    }

  test('lists what changed, oldest first, by time, name and resource', async () => {
    const caller = await belfry.tenant()
    const input = await givenAssignable(belfry, caller)
    belfry.advance(60_000)
    const middle = caller.now().toISOString()
    belfry.advance(60_000)
    await caller.chime.associatePhoneNumberWithUser(input)
    const names = async (query = '') => (await list(caller, query)).Events.map(({ EventName }) => EventName)
    const all = await names()
    expect(all).toEqual([
      'CreateAccount',
      'CreateUser',
      'CreatePhoneNumberOrder',
      'CompletePhoneNumberOrder',
      'AssociatePhoneNumberWithUser',
    ])
    expect(await names(`?start-time=${middle}`)).toEqual(all.slice(4))
    expect(await names(`?end-time=${middle}`)).toEqual(all.slice(0, 4))
    expect(await names('?event-name=CreateUser')).toEqual(['CreateUser'])
    expect(await names(`?resource-id=${input.UserId}`)).toEqual(['AssociatePhoneNumberWithUser'])
    expect(await names(`?resource-id=${input.AccountId}&event-name=CreateUser`)).toEqual(['CreateUser'])
    expect(await names('?resource-id=%25')).toEqual([])
    const [first] = (await list(caller, '?max-results=1')).Events
    expect(first).toMatchObject({
      EventName: 'CreateAccount',
      SourceIpAddress: '127.0.0.1',
      RequestParameters: '{"Name":"Example"}',
    })
    expect(await list(await belfry.tenant())).toEqual({ Events: [], NextToken: null })
  })

  test('pages', async () => {
    const caller = await belfry.tenant()
    for (let count = 0; count < 5; count++) await caller.chime.createAccount({ Name: `${count}` })
    const seen: string[] = []
    let query = '?max-results=2'
    for (;;) {
      const { Events, NextToken } = await list(caller, query)
      seen.push(...Events.map(({ RequestParameters = '' }) => RequestParameters))
      if (NextToken === null) break
      query = `?max-results=2&next-token=${NextToken}`
    }
    expect(seen).toEqual([0, 1, 2, 3, 4].map((count) => `{"Name":"${count}"}`))
  })
})
