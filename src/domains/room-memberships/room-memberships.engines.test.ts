import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  claimDomain,
  givenAccount,
  givenRoom,
  givenUser,
  notFound,
  readPages,
  refused,
} from '../../../test/support/given.ts'

const { belfry, tenant } = await useBelfry()

describe('CreateRoomMembership, BatchCreateRoomMembership, ListRoomMemberships, UpdateRoomMembership, DeleteRoomMembership', () => {
  test('create, list, change and delete a membership, with the principal of the invitation', async () => {
    const input = await givenRoom(belfry, tenant)
    const MemberId = await givenUser(tenant, input.AccountId, `ann.${input.RoomId}@example.com`)
    const { RoomMembership, $metadata } = await tenant.chime.createRoomMembership({ ...input, MemberId })
    expect($metadata.httpStatusCode).toBe(201)
    expect(RoomMembership).toEqual({
      RoomId: input.RoomId,
      Member: {
        MemberId,
        MemberType: 'User',
        Email: `ann.${input.RoomId}@example.com`,
        FullName: `ann.${input.RoomId}`,
        AccountId: input.AccountId,
      },
      Role: 'Member',
      InvitedBy: `arn:aws:iam::${tenant.awsAccountId}:user/tester`,
      UpdatedTimestamp: expect.any(Date),
    })
    expect((await tenant.chime.listRoomMemberships(input)).RoomMemberships).toEqual([RoomMembership])
    expect(await refused(tenant.chime.createRoomMembership({ ...input, MemberId }))).toBe(
      '409 ConflictException Conflict: Request could not be completed due to a conflict',
    )
    belfry.advance(1000)
    expect((await tenant.chime.updateRoomMembership({ ...input, MemberId })).RoomMembership).toEqual(RoomMembership)
    const changed = await tenant.chime.updateRoomMembership({ ...input, MemberId, Role: 'Administrator' })
    expect(changed.RoomMembership?.Role).toBe('Administrator')
    expect(Number(changed.RoomMembership?.UpdatedTimestamp)).toBeGreaterThan(Number(RoomMembership?.UpdatedTimestamp))
    expect((await tenant.chime.deleteRoomMembership({ ...input, MemberId })).$metadata.httpStatusCode).toBe(204)
    const gone = notFound('RoomMembership', MemberId)
    expect(await refused(tenant.chime.deleteRoomMembership({ ...input, MemberId }))).toBe(gone)
    expect(await refused(tenant.chime.updateRoomMembership({ ...input, MemberId, Role: 'Member' }))).toBe(gone)
  })

  test('show a bot with its name and address', async () => {
    const input = await givenRoom(belfry, tenant)
    await claimDomain(belfry, tenant, input.AccountId)
    const { Bot } = await tenant.chime.createBot({ AccountId: input.AccountId, DisplayName: 'Helper' })
    const MemberId = Bot?.BotId ?? ''
    await listen(MemberId)
    const { RoomMembership } = await tenant.chime.createRoomMembership({ ...input, MemberId })
    expect(RoomMembership?.Member).toEqual({
      MemberId,
      MemberType: 'Bot',
      Email: 'Helper-chimebot@example.com',
      FullName: 'Helper (Bot)',
      AccountId: input.AccountId,
    })
    expect((await tenant.chime.listRoomMemberships(input)).RoomMemberships).toEqual([RoomMembership])
  })

  test('accept users of other accounts, but not users of other AWS accounts or suspended users', async () => {
    const input = await givenRoom(belfry, tenant)
    const elsewhere = await givenAccount(tenant)
    const guest = await givenUser(tenant, elsewhere)
    const { RoomMembership } = await tenant.chime.createRoomMembership({ ...input, MemberId: guest })
    expect(RoomMembership?.Member?.AccountId).toBe(elsewhere)
    const stranger = await belfry.tenant()
    const foreign = await givenUser(stranger, await givenAccount(stranger))
    expect(await refused(tenant.chime.createRoomMembership({ ...input, MemberId: foreign }))).toBe(
      notFound('User', foreign),
    )
    const suspended = await givenUser(tenant, elsewhere)
    await tenant.chime.batchSuspendUser({ AccountId: elsewhere, UserIdList: [suspended] })
    expect(await refused(tenant.chime.createRoomMembership({ ...input, MemberId: suspended }))).toMatch(
      /^400 .*suspended/,
    )
  })

  test('show no member whose account is deleted', async () => {
    const input = await givenRoom(belfry, tenant)
    const elsewhere = await givenAccount(tenant)
    const guest = await givenUser(tenant, elsewhere)
    const member = await givenUser(tenant, input.AccountId)
    for (const MemberId of [guest, member]) await tenant.chime.createRoomMembership({ ...input, MemberId })
    await tenant.chime.batchSuspendUser({ AccountId: elsewhere, UserIdList: [guest] })
    await tenant.chime.deleteAccount({ AccountId: elsewhere })
    const { RoomMemberships = [] } = await tenant.chime.listRoomMemberships(input)
    expect(RoomMemberships.map(({ Member }) => Member?.MemberId)).toEqual([member])
  })

  test('add members in a batch, with an error for each member that cannot be added', async () => {
    const input = await givenRoom(belfry, tenant)
    const users = [await givenUser(tenant, input.AccountId), await givenUser(tenant, input.AccountId)]
    await tenant.chime.createRoomMembership({ ...input, MemberId: users[0] })
    const answer = await tenant.chime.batchCreateRoomMembership({
      ...input,
      MembershipItemList: [
        { MemberId: users[0] },
        { MemberId: users[1], Role: 'Administrator' },
        { MemberId: 'nobody' },
      ],
    })
    expect([answer.$metadata.httpStatusCode, answer.Errors]).toEqual([
      201,
      [
        { MemberId: users[0], ErrorCode: 'Conflict', ErrorMessage: 'Request could not be completed due to a conflict' },
        { MemberId: 'nobody', ErrorCode: 'NotFound', ErrorMessage: "Could not find User with Id 'nobody'" },
      ],
    ])
    const pages = await readPages((from) => tenant.chime.listRoomMemberships({ ...input, MaxResults: 1, ...from }))
    expect(pages.map(({ RoomMemberships = [] }) => RoomMemberships[0]?.Member?.MemberId)).toEqual(users)
  })

  test.each([[[]], [Array.from({ length: 51 }, () => ({ MemberId: 'x' }))], [[{ Role: 'Member' as const }]]])(
    'refuse a batch that is empty, too long or incomplete: case %#',
    async (MembershipItemList) => {
      const call = tenant.chime.batchCreateRoomMembership({ ...(await givenRoom(belfry, tenant)), MembershipItemList })
      expect(await refused(call)).toMatch(/^400 BadRequestException BadRequest: 1 validation error/)
    },
  )

  test('allow at most 1,000 members in a room', async () => {
    const input = await givenRoom(belfry, tenant)
    await crowd(input, 1000)
    const MemberId = await givenUser(tenant, input.AccountId)
    const limit = 'The limit of 1000 members per room would be exceeded'
    expect(await refused(tenant.chime.createRoomMembership({ ...input, MemberId }))).toBe(
      `400 ResourceLimitExceededException ResourceLimitExceeded: ${limit}`,
    )
    const { Errors } = await tenant.chime.batchCreateRoomMembership({ ...input, MembershipItemList: [{ MemberId }] })
    expect(Errors).toEqual([{ MemberId, ErrorCode: 'ResourceLimitExceeded', ErrorMessage: limit }])
  })
})

/** Gives the bot an endpoint for its events. */
async function listen(bot_id: string) {
  const endpoint = { https_endpoint: 'https://bot.example.com/' }
  await belfry.database.write((db) => db.updateTable('bots').set(endpoint).where('bot_id', '=', bot_id).execute())
}

const time = '2026-01-01T00:00:00.000Z'

async function crowd({ AccountId, RoomId }: { AccountId: string; RoomId: string }, count: number) {
  const rows = Array.from({ length: count }, (_, index) => ({
    aws_account_id: tenant.awsAccountId,
    account_id: AccountId,
    room_id: RoomId,
    member_id: `member-${index}`,
    member_type: 'User' as const,
    member_account_id: AccountId,
    role: 'Member' as const,
    invited_by: 'x',
    created_at: time,
    updated_at: time,
  }))
  await belfry.database.write((db) => db.insertInto('room_memberships').values(rows).execute())
}
