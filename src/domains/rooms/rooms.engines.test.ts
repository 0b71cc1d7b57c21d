import { describe, expect, test } from 'vitest'
import { dayMs, useBelfry } from '../../../test/support/belfry.ts'
import {
  accountSuspended,
  badToken,
  changeAccount,
  givenAccount,
  givenEnterprise,
  givenRoom,
  givenUser,
  notFound,
  readPages,
  refused,
} from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry()

describe('CreateRoom', () => {
  test('makes a room without members', async () => {
    const AccountId = await givenEnterprise(belfry, tenant)
    const { Room, $metadata } = await tenant.chime.createRoom({ AccountId, Name: 'Standup' })
    expect($metadata.httpStatusCode).toBe(201)
    expect(Room).toEqual({
      RoomId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Name: 'Standup',
      AccountId,
      CreatedBy: `arn:aws:iam::${tenant.awsAccountId}:user/tester`,
      CreatedTimestamp: expect.any(Date),
      UpdatedTimestamp: Room?.CreatedTimestamp,
    })
    const RoomId = Room?.RoomId ?? ''
    expect((await tenant.chime.listRoomMemberships({ AccountId, RoomId })).RoomMemberships).toEqual([])
  })

  test('makes one room per token and name within a day', async () => {
    const AccountId = await givenEnterprise(belfry, tenant)
    const input = { AccountId, Name: 'Once', ClientRequestToken: 'token-1' }
    const first = await tenant.chime.createRoom(input)
    await tenant.chime.updateRoom({ AccountId, RoomId: first.Room?.RoomId, Name: 'Renamed' })
    const again = await tenant.chime.createRoom(input)
    expect([again.$metadata.httpStatusCode, again.Room?.RoomId, again.Room?.Name]).toEqual([
      201,
      first.Room?.RoomId,
      'Renamed',
    ])
    expect(await refused(tenant.chime.createRoom({ ...input, Name: 'Other' }))).toBe(
      '400 BadRequestException BadRequest: The ClientRequestToken was used for another room',
    )
    const colleague = await belfry.tenant({ awsAccountId: tenant.awsAccountId, principal: 'other' })
    expect((await colleague.chime.createRoom(input)).Room?.RoomId).not.toBe(first.Room?.RoomId)
    belfry.advance(dayMs + 1)
    expect((await tenant.chime.createRoom(input)).Room?.RoomId).not.toBe(first.Room?.RoomId)
    expect((await tenant.chime.listRooms({ AccountId })).Rooms).toHaveLength(3)
  })

  test('makes one room for 20 concurrent requests with the same token', async () => {
    const AccountId = await givenEnterprise(belfry, tenant)
    const input = { AccountId, Name: 'Race', ClientRequestToken: 'race' }
    const made = await Promise.all(Array.from({ length: 20 }, () => tenant.chime.createRoom(input)))
    expect(new Set(made.map(({ Room }) => Room?.RoomId)).size).toBe(1)
    expect((await tenant.chime.listRooms({ AccountId })).Rooms).toHaveLength(1)
  })

  test('makes another room for a token whose room is deleted', async () => {
    const AccountId = await givenEnterprise(belfry, tenant)
    const input = { AccountId, Name: 'Gone', ClientRequestToken: 'gone' }
    const { Room } = await tenant.chime.createRoom(input)
    await tenant.chime.deleteRoom({ AccountId, RoomId: Room?.RoomId })
    expect((await tenant.chime.createRoom(input)).Room?.RoomId).not.toBe(Room?.RoomId)
  })

  test('tokens are deleted when they no longer count, after a day', async () => {
    const caller = await belfry.tenant()
    const AccountId = await givenEnterprise(belfry, caller)
    const make = (ClientRequestToken: string) => caller.chime.createRoom({ AccountId, Name: 'x', ClientRequestToken })
    const listTokens = () =>
      belfry.database.read((db) =>
        db.selectFrom('room_tokens').select('created_at').where('account_id', '=', AccountId).execute(),
      )
    const made = await Promise.all(Array.from({ length: 250 }, (_, index) => make(`token-${index}`)))
    belfry.advance(dayMs / 2)
    const { Room } = await make('later')
    belfry.advance(dayMs / 2)
    await belfry.runJobs()
    expect(made).toHaveLength(250)
    expect(await listTokens()).toHaveLength(1)
    expect((await make('later')).Room?.RoomId).toBe(Room?.RoomId)
  })

  test.each([
    ['an empty name', { Name: '' }, "'Name'"],
    ['a blank name', { Name: ' ' }, "'Name'"],
    ['a name of 257 characters', { Name: 'x'.repeat(257) }, "'Name'"],
    ['a token of one character', { Name: 'x', ClientRequestToken: 'x' }, "'ClientRequestToken'"],
    ['a token with a blank', { Name: 'x', ClientRequestToken: 'a b' }, "'ClientRequestToken'"],
  ])('refuses %s', async (_, members, named) => {
    const call = tenant.chime.createRoom({ AccountId: await givenEnterprise(belfry, tenant), ...members })
    expect(await refused(call)).toMatch(new RegExp(`^400 BadRequestException BadRequest: .*${named}`))
  })

  test('refuses Team accounts', async () => {
    const call = tenant.chime.createRoom({ AccountId: await givenAccount(tenant), Name: 'x' })
    expect(await refused(call)).toMatch(/^400 BadRequestException BadRequest: Accounts of type Team/)
  })

  test('refuses the 1,501st room of an account', async () => {
    const AccountId = await givenEnterprise(belfry, tenant)
    await fill(AccountId, 1499)
    await tenant.chime.createRoom({ AccountId, Name: 'Last' })
    expect(await refused(tenant.chime.createRoom({ AccountId, Name: 'Too many' }))).toBe(
      '400 ResourceLimitExceededException ResourceLimitExceeded: The limit of 1500 rooms per account would be exceeded',
    )
  })
})

describe('GetRoom, UpdateRoom, DeleteRoom', () => {
  test('read, rename and delete a room', async () => {
    const input = await givenRoom(belfry, tenant)
    const { Room: before } = await tenant.chime.getRoom(input)
    expect((await tenant.chime.updateRoom(input)).Room).toEqual(before)
    belfry.advance(1000)
    const { Room: after } = await tenant.chime.updateRoom({ ...input, Name: 'New name' })
    expect(after).toEqual({ ...before, Name: 'New name', UpdatedTimestamp: after?.UpdatedTimestamp })
    expect(Number(after?.UpdatedTimestamp)).toBeGreaterThan(Number(before?.UpdatedTimestamp))
    expect((await tenant.chime.getRoom(input)).Room).toEqual(after)
    const UserId = await givenUser(tenant, input.AccountId)
    await tenant.chime.createRoomMembership({ ...input, MemberId: UserId })
    expect((await tenant.chime.deleteRoom(input)).$metadata.httpStatusCode).toBe(204)
    expect(await refused(tenant.chime.getRoom(input))).toBe(notFound('Room', input.RoomId))
    expect(await refused(tenant.chime.deleteRoom(input))).toBe(notFound('Room', input.RoomId))
    expect((await tenant.chime.listRooms({ ...input, MemberId: UserId })).Rooms).toEqual([])
  })
})

describe('ListRooms', () => {
  test('lists rooms in pages, oldest first, and can filter them by member', async () => {
    const AccountId = await givenEnterprise(belfry, tenant)
    const ids: string[] = []
    for (const Name of ['a', 'b', 'c', 'd', 'e'])
      ids.push((await tenant.chime.createRoom({ AccountId, Name })).Room?.RoomId ?? '')
    const pages = await readPages((from) => tenant.chime.listRooms({ AccountId, MaxResults: 2, ...from }))
    expect(pages.map(({ Rooms = [] }) => Rooms.map(({ RoomId }) => RoomId))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4),
    ])
    const MemberId = await givenUser(tenant, AccountId)
    await tenant.chime.createRoomMembership({ AccountId, RoomId: ids[3], MemberId })
    expect((await tenant.chime.listRooms({ AccountId, MemberId })).Rooms?.map(({ RoomId }) => RoomId)).toEqual([ids[3]])
    expect((await tenant.chime.listRooms({ AccountId, MemberId: 'nobody' })).Rooms).toEqual([])
    const NextToken = pages[0]?.NextToken
    expect(await refused(tenant.chime.listRooms({ AccountId, MemberId, NextToken }))).toBe(badToken)
    expect(await refused(tenant.chime.listRooms({ AccountId, MaxResults: 100 }))).toContain("'MaxResults'")
  })
})

test('another AWS account finds no rooms, and the rooms of a suspended account can only be read', async () => {
  const input = await givenRoom(belfry, tenant)
  const { chime: stranger } = await belfry.tenant()
  const nothing = notFound('Account', input.AccountId)
  expect(await refused(stranger.getRoom(input))).toBe(nothing)
  expect(await refused(stranger.listRooms(input))).toBe(nothing)
  expect(await refused(stranger.createRoom({ ...input, Name: 'x' }))).toBe(nothing)
  expect(await refused(stranger.deleteRoom(input))).toBe(nothing)
  await changeAccount(belfry, input.AccountId, { account_status: 'Suspended' })
  expect((await tenant.chime.getRoom(input)).Room?.RoomId).toBe(input.RoomId)
  expect(await refused(tenant.chime.updateRoom({ ...input, Name: 'x' }))).toBe(accountSuspended)
  expect(await refused(tenant.chime.deleteRoom(input))).toBe(accountSuspended)
  expect(await refused(tenant.chime.createRoomMembership({ ...input, MemberId: 'x' }))).toBe(accountSuspended)
})

test('an answer is compact JSON in alphabetical order with explicit nulls', async () => {
  const { body } = await sendSigned(belfry.url, tenant, {
    path: `/accounts/${await givenEnterprise(belfry, tenant)}/rooms`,
  })
  expect(body).toBe('{"NextToken":null,"Rooms":[]}')
})

const time = '2026-01-01T00:00:00.000Z'

async function fill(account_id: string, count: number) {
  const rows = Array.from({ length: count }, (_, index) => ({
    aws_account_id: tenant.awsAccountId,
    account_id,
    room_id: `room-${index}`,
    name: 'x',
    created_by: 'x',
    created_at: time,
    updated_at: time,
  }))
  await belfry.database.write((db) => db.insertInto('rooms').values(rows).execute())
}
