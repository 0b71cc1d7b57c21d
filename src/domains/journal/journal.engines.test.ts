/** The journal of changes, and the history of assignments. */
import { describe, expect, test } from 'vitest'
import { type Tenant, dayMs, useBelfry } from '../../../test/support/belfry.ts'
import { expectBadRequest } from '../../../test/support/errors.ts'
import { givenAccount, givenAssignable, givenUser } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry()

const journalOf = ({ awsAccountId }: Tenant) =>
  belfry.database.read((db) =>
    db.selectFrom('journal').selectAll().where('aws_account_id', '=', awsAccountId).orderBy('event_id').execute(),
  )

const intervalsOf = (phoneNumber: string) =>
  belfry.database.read((db) =>
    db.selectFrom('assignments').selectAll().where('phone_number', '=', phoneNumber).orderBy('assigned_at').execute(),
  )

test('every change is recorded with its caller and request, but reads and refusals are not', async () => {
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

test('an assignment is an interval that stays on record after the number is reassigned or purged', async () => {
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

test('the log and the journal contain no secrets, numbers or addresses', async () => {
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
  const list = async (caller: Tenant, query = '') => {
    const { json } = await callBelfry(belfry.url, caller, `GET /events${query}`)
    return json as unknown as { Events: Event[]; NextToken: string | null }
  }
  const names = async (caller: Tenant, query = '') =>
    (await list(caller, query)).Events.map(({ EventName }) => EventName)
  const about = (caller: Tenant, id: string) => names(caller, `?resource-id=${encodeURIComponent(id)}`)
  const recordOf = (event: Event | undefined) => JSON.parse(event?.CloudTrailEvent ?? '') as Record<string, unknown>

  test('lists events, oldest first, and filters them by time, name and resource', async () => {
    const caller = await belfry.tenant()
    const input = await givenAssignable(belfry, caller)
    belfry.advance(60_000)
    const middle = caller.now().toISOString()
    belfry.advance(60_000)
    await caller.chime.associatePhoneNumberWithUser(input)
    const all = await names(caller)
    expect(all).toEqual([
      'CreateAccount',
      'CreateUser',
      'CreatePhoneNumberOrder',
      'CompletePhoneNumberOrder',
      'AssociatePhoneNumberWithUser',
    ])
    expect(await names(caller, `?start-time=${middle}`)).toEqual(all.slice(4))
    expect(await names(caller, `?end-time=${middle}`)).toEqual(all.slice(0, 4))
    expect(await names(caller, '?event-name=CreateUser')).toEqual(['CreateUser'])
    expect(await names(caller, `?resource-id=${input.AccountId}&event-name=CreateUser`)).toEqual(['CreateUser'])
    expect(await list(await belfry.tenant())).toEqual({ Events: [], NextToken: null })
  })

  test('answers in the format of CloudTrail', async () => {
    const caller = await belfry.tenant()
    const input = await givenAssignable(belfry, caller)
    const { $metadata } = await caller.chime.associatePhoneNumberWithUser(input)
    const [event] = (await list(caller, '?event-name=AssociatePhoneNumberWithUser')).Events
    const arn = `arn:aws:iam::${caller.awsAccountId}:user/tester`
    const { accessKeyId } = caller.credentials
    expect(event).toEqual({
      AccessKeyId: accessKeyId,
      CloudTrailEvent: expect.any(String),
      EventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      EventName: 'AssociatePhoneNumberWithUser',
      EventSource: 'chime.amazonaws.com',
      EventTime: expect.stringMatching(/^20.*\.\d{3}Z$/),
      ReadOnly: 'false',
      Resources: [
        { ResourceName: input.AccountId, ResourceType: 'Account' },
        { ResourceName: input.UserId, ResourceType: 'User' },
        { ResourceName: input.E164PhoneNumber.replace('+', '%2B'), ResourceType: 'PhoneNumber' },
      ],
      Username: 'tester',
    })
    expect(recordOf(event)).toEqual({
      eventVersion: '1.05',
      userIdentity: {
        type: 'IAMUser',
        principalId: arn,
        arn,
        accountId: caller.awsAccountId,
        accessKeyId,
        userName: 'tester',
      },
      eventTime: event?.EventTime.replace(/\.\d+/, ''),
      eventSource: 'chime.amazonaws.com',
      eventName: 'AssociatePhoneNumberWithUser',
      awsRegion: 'us-east-1',
      sourceIPAddress: '127.0.0.1',
      userAgent: expect.stringContaining('aws-sdk-js'),
      requestParameters: {
        accountId: input.AccountId,
        e164PhoneNumber: 'HIDDEN_DUE_TO_SECURITY_REASONS',
        userId: input.UserId,
      },
      responseElements: null,
      requestID: $metadata.requestId,
      eventID: event?.EventId,
      eventType: 'AwsApiCall',
      recipientAccountId: caller.awsAccountId,
    })
  })

  test('shows jobs and operations of Belfry with its own event source, and the error of a refused call', async () => {
    const caller = await belfry.tenant()
    const { AccountId } = await givenAssignable(belfry, caller)
    await callBelfry(belfry.url, caller, `POST /accounts/${AccountId}?operation=suspend`)
    const [job] = (await list(caller, '?event-name=CompletePhoneNumberOrder')).Events
    expect(job).toMatchObject({ EventSource: 'belfry.internal', AccessKeyId: null, Username: 'jobs.belfry' })
    expect(recordOf(job)).toMatchObject({
      userIdentity: { type: 'AWSService', invokedBy: 'jobs.belfry' },
      sourceIPAddress: 'belfry.internal',
      userAgent: 'belfry.internal',
      eventType: 'AwsServiceEvent',
    })
    const ours = `?event-name=SuspendAccount`
    const [call] = (await list(caller, ours)).Events
    expect(recordOf(call)).toMatchObject({ eventSource: 'belfry.internal', eventType: 'AwsApiCall' })
    expect(recordOf(call)).not.toHaveProperty('errorCode')
    const error_code = 'ForbiddenException'
    await belfry.database.write((db) =>
      db
        .updateTable('journal')
        .set({ error_code })
        .where('event_id', '=', call?.EventId ?? '')
        .execute(),
    )
    expect(recordOf((await list(caller, ours)).Events[0])).toMatchObject({ errorCode: error_code })
  })

  test('finds events by the resources that they created or named', async () => {
    const caller = await belfry.tenant()
    const input = await givenAssignable(belfry, caller)
    await caller.chime.associatePhoneNumberWithUser(input)
    await caller.chime.batchSuspendUser({ AccountId: input.AccountId, UserIdList: [input.UserId] })
    const afterwards = ['AssociatePhoneNumberWithUser', 'BatchSuspendUser']
    expect(await about(caller, input.AccountId)).toEqual(['CreateAccount', 'CreateUser', ...afterwards])
    expect(await about(caller, input.UserId)).toEqual(['CreateUser', ...afterwards])
    const number = input.E164PhoneNumber
    for (const spelling of [number, number.slice(1), number.replace('+', '%2B'), number.replace('+', '%2b')])
      expect(await about(caller, spelling), spelling).toEqual([
        'CreatePhoneNumberOrder',
        'CompletePhoneNumberOrder',
        'AssociatePhoneNumberWithUser',
      ])
    const parts = [input.UserId.slice(1), input.UserId.toUpperCase(), number.slice(0, -1), '%', '_', '"', 'User']
    for (const part of parts) expect(await about(caller, part), part).toEqual([])
    expect(await about(await belfry.tenant(), input.AccountId)).toEqual([])
  })

  test('finds an id that contains JSON syntax', async () => {
    const caller = await belfry.tenant()
    const AccountId = await givenAccount(caller)
    const odd = String.raw`a","ResourceName":"b\\`
    await caller.chime.batchSuspendUser({ AccountId, UserIdList: [odd, 'ü%_'] })
    expect(await about(caller, odd)).toEqual(['BatchSuspendUser'])
    expect(await about(caller, 'ü%_')).toEqual(['BatchSuspendUser'])
    for (const part of ['a', 'b', 'ü%']) expect(await about(caller, part), part).toEqual([])
  })

  test('names at most a hundred resources in an event', async () => {
    const caller = await belfry.tenant()
    const E164PhoneNumbers = Array.from({ length: 150 }, (_, index) => `+1212555${1000 + index}`)
    await callBelfry(belfry.url, caller, 'POST /stock', { E164PhoneNumbers })
    const [event] = (await list(caller)).Events
    expect(event?.Resources).toHaveLength(100)
    expect(event?.Resources[0]).toEqual({ ResourceType: 'PhoneNumber', ResourceName: '%2B12125551000' })
  })

  test('lists events in pages', async () => {
    const caller = await belfry.tenant()
    for (let count = 0; count < 5; count++) await caller.chime.createAccount({ Name: `${count}` })
    const seen: unknown[] = []
    let query = '?max-results=2'
    for (;;) {
      const { Events, NextToken } = await list(caller, query)
      seen.push(...Events.map((event) => recordOf(event)['requestParameters']))
      if (NextToken === null) break
      query = `?max-results=2&next-token=${NextToken}`
    }
    expect(seen).toEqual([0, 1, 2, 3, 4].map((count) => ({ name: `${count}` })))
  })
})

interface Event {
  EventId: string
  EventName: string
  EventTime: string
  Resources: unknown[]
  CloudTrailEvent: string
}
