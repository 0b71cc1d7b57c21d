/** Messages, their redaction and their retention. */
import { describe, expect, test } from 'vitest'
import { dayMs, useBelfry } from '../../../test/support/belfry.ts'
import {
  accountSuspended,
  badRequest,
  changeAccount,
  givenAccount,
  givenUser,
  notFound,
  refused,
  refusedRaw,
} from '../../../test/support/given.ts'
import { callBelfry, sendSigned } from '../../../test/support/raw.ts'

interface Message {
  MessageId: string
  Content: string | null
  Redacted: boolean
}

const { belfry, tenant } = await useBelfry()

const call = (text: string, members?: object) => callBelfry(belfry.url, tenant, text, members)

/** Two users of an Enterprise account, with a room of the first user and a conversation of both. */
async function given() {
  const AccountId = await givenAccount(tenant)
  await changeAccount(belfry, AccountId, { account_type: 'EnterpriseLWA' })
  const [ann, bob] = [await givenUser(tenant, AccountId), await givenUser(tenant, AccountId)]
  const { Room } = await tenant.chime.createRoom({ AccountId, Name: 'Room' })
  const RoomId = Room?.RoomId ?? ''
  await tenant.chime.createRoomMembership({ AccountId, RoomId, MemberId: ann })
  const { json } = await call(`POST /accounts/${AccountId}/conversations`, { MemberIds: [ann, bob] })
  const { ConversationId } = json['Conversation'] as { ConversationId: string }
  const room = `/accounts/${AccountId}/rooms/${RoomId}/messages`
  const conversation = `/accounts/${AccountId}/conversations/${ConversationId}/messages`
  return { AccountId, RoomId, ConversationId, ann, bob, room, conversation }
}

async function post(place: string, SenderId: string, Content: string): Promise<string> {
  const { status, json } = await call(`POST ${place}`, { SenderId, Content })
  expect(status).toBe(201)
  return (json['Message'] as Message).MessageId
}

const read = async (place: string) => (await call(`GET ${place}`)).json['Messages'] as Message[]
const contents = async (place: string) => (await read(place)).map(({ Content }) => Content)

describe('PostRoomMessage, ListRoomMessages, CreateConversation, PostConversationMessage, ListConversationMessages', () => {
  test('post and list messages of a room, but only by its members', async () => {
    const { room, ann, bob } = await given()
    await post(room, ann, 'Hello 😀')
    await post(room, ann, 'Anybody here?')
    expect(await read(room)).toEqual([
      {
        Content: 'Hello 😀',
        CreatedTimestamp: expect.stringMatching(/Z$/),
        MessageId: expect.any(String),
        Redacted: false,
        SenderId: ann,
        SenderType: 'User',
      },
      expect.objectContaining({ Content: 'Anybody here?' }),
    ])
    expect(refusedRaw(await call(`POST ${room}`, { SenderId: bob, Content: 'x' }))).toBe(
      badRequest('The sender is not a member'),
    )
    expect((await call(`POST ${room}`, { SenderId: ann, Content: 'x'.repeat(4097) })).status).toBe(400)
    expect((await call(`POST ${room}`, { SenderId: ann, Content: '' })).status).toBe(400)
  })

  test('post and list messages of a conversation, but only by its members', async () => {
    const { AccountId, conversation, ann, bob } = await given()
    await post(conversation, ann, 'Hi Bob')
    await post(conversation, bob, 'Hi Ann')
    expect(await contents(conversation)).toEqual(['Hi Bob', 'Hi Ann'])
    const stranger = await givenUser(tenant, AccountId)
    expect((await call(`POST ${conversation}`, { SenderId: stranger, Content: 'x' })).status).toBe(400)
    expect((await call(`POST /accounts/${AccountId}/conversations`, { MemberIds: [ann, ann] })).status).toBe(400)
    expect((await call(`POST /accounts/${AccountId}/conversations`, { MemberIds: [ann, 'nobody'] })).status).toBe(404)
  })

  test('list messages in pages, oldest first', async () => {
    const { room, ann } = await given()
    for (const text of ['1', '2', '3']) await post(room, ann, text)
    const first = await call(`GET ${room}?max-results=2`)
    const second = await call(`GET ${room}?max-results=2&next-token=${String(first.json['NextToken'])}`)
    const pages = [first, second].map(({ json }) => (json['Messages'] as Message[]).map(({ Content }) => Content))
    expect(pages).toEqual([['1', '2'], ['3']])
  })

  test('leave no content of a message in the journal or the log', async () => {
    const { room, ann } = await given()
    await post(room, ann, 'a secret of the room')
    const { json } = await call('GET /events?event-name=PostRoomMessage')
    expect(JSON.stringify(json) + belfry.log.join('')).not.toContain('a secret of the room')
  })
})

describe('RedactRoomMessage, RedactConversationMessage', () => {
  test('delete the content of a message for good, and can be repeated', async () => {
    const { AccountId, RoomId, ConversationId, room, conversation, ann } = await given()
    const [inRoom, inConversation] = [await post(room, ann, 'oops'), await post(conversation, ann, 'oops too')]
    for (let times = 0; times < 2; times++) {
      const path = `/accounts/${AccountId}/rooms/${RoomId}/messages/${inRoom}?operation=redact`
      const answer = await sendSigned(belfry.url, tenant, { method: 'POST', path })
      expect([answer.status, answer.body]).toEqual([200, '{}'])
      await tenant.chime.redactConversationMessage({ AccountId, ConversationId, MessageId: inConversation })
    }
    for (const place of [room, conversation])
      expect(await read(place)).toEqual([expect.objectContaining({ Content: null, Redacted: true })])
    const kept = await belfry.database.read((db) =>
      db.selectFrom('messages').select('content').where('message_id', 'in', [inRoom, inConversation]).execute(),
    )
    expect(kept).toEqual([{ content: null }, { content: null }])
  })

  test('do not find unknown messages, and refuse Team accounts and suspended accounts', async () => {
    const { AccountId, RoomId, ConversationId, room, ann } = await given()
    const MessageId = await post(room, ann, 'x')
    const { chime } = tenant
    expect(await refused(chime.redactRoomMessage({ AccountId, RoomId, MessageId: 'none' }))).toBe(
      notFound('Message', 'none'),
    )
    expect(await refused(chime.redactRoomMessage({ AccountId, RoomId: 'none', MessageId }))).toBe(
      notFound('Room', 'none'),
    )
    expect(await refused(chime.redactConversationMessage({ AccountId, ConversationId: 'none', MessageId }))).toBe(
      notFound('Conversation', 'none'),
    )
    expect(await refused(chime.redactConversationMessage({ AccountId, ConversationId, MessageId }))).toBe(
      notFound('Message', MessageId),
    )
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(stranger.redactRoomMessage({ AccountId, RoomId, MessageId }))).toBe(
      notFound('Account', AccountId),
    )
    const team = await givenAccount(tenant)
    expect(await refused(chime.redactRoomMessage({ AccountId: team, RoomId, MessageId }))).toMatch(/^400 .*Team/)
    await changeAccount(belfry, AccountId, { account_status: 'Suspended' })
    expect(await refused(chime.redactRoomMessage({ AccountId, RoomId, MessageId }))).toBe(accountSuspended)
  })
})

describe('GetRetentionSettings, PutRetentionSettings', () => {
  const put = (AccountId: string, room?: number, conversation?: number) =>
    tenant.chime.putRetentionSettings({
      AccountId,
      RetentionSettings: {
        ...(room && { RoomRetentionSettings: { RetentionDays: room } }),
        ...(conversation && { ConversationRetentionSettings: { RetentionDays: conversation } }),
      },
    })
  const get = (AccountId: string) => tenant.chime.getRetentionSettings({ AccountId })

  test('show no retention periods at first', async () => {
    const { AccountId } = await given()
    const { body } = await sendSigned(belfry.url, tenant, { path: `/accounts/${AccountId}/retention-settings` })
    expect(body).toBe(
      '{"InitiateDeletionTimestamp":null,"RetentionSettings":{"ConversationRetentionSettings":{"RetentionDays":null},"RoomRetentionSettings":{"RetentionDays":null}}}',
    )
  })

  test('a put replaces both periods, and starts thirty days of grace if one of them is set or shortened', async () => {
    const { AccountId } = await given()
    const answer = await put(AccountId, 10, 20)
    expect(answer.$metadata.httpStatusCode).toBe(204)
    const first = await get(AccountId)
    expect(first.RetentionSettings).toEqual({
      RoomRetentionSettings: { RetentionDays: 10 },
      ConversationRetentionSettings: { RetentionDays: 20 },
    })
    expect(Math.abs(Number(first.InitiateDeletionTimestamp) - Number(tenant.now()) - 30 * dayMs)).toBeLessThan(5_000)
    belfry.advance(dayMs)
    await put(AccountId, 11, 20)
    expect((await get(AccountId)).InitiateDeletionTimestamp).toEqual(first.InitiateDeletionTimestamp)
    await put(AccountId, 5, 20)
    expect(Number((await get(AccountId)).InitiateDeletionTimestamp)).toBeGreaterThan(
      Number(first.InitiateDeletionTimestamp),
    )
    await put(AccountId, 5)
    expect((await get(AccountId)).RetentionSettings?.ConversationRetentionSettings?.RetentionDays).toBeUndefined()
    await put(AccountId)
    expect((await get(AccountId)).InitiateDeletionTimestamp).toBeUndefined()
  })

  test('old messages are hidden at once, shown again after a longer period is set, and deleted after the grace', async () => {
    const { AccountId, room, conversation, ann } = await given()
    await post(room, ann, 'old')
    await post(conversation, ann, 'old too')
    belfry.advance(10 * dayMs)
    await post(room, ann, 'new')
    await put(AccountId, 5)
    expect(await contents(room)).toEqual(['new'])
    expect(await contents(conversation)).toEqual(['old too'])
    await belfry.runJobs()
    await put(AccountId, 50)
    expect(await contents(room)).toEqual(['old', 'new'])
    await put(AccountId, 5)
    belfry.advance(30 * dayMs + 1000)
    await belfry.runJobs()
    await put(AccountId)
    expect(await contents(room)).toEqual([])
    expect(await contents(conversation)).toEqual(['old too'])
    const { json } = await call('GET /events?event-name=DeleteMessages')
    expect(json['Events']).toEqual([
      expect.objectContaining({ Resources: [{ ResourceType: 'Account', ResourceName: AccountId }] }),
    ])
  })

  test.each([0, 5476, 1.5])('refuse a period of %d days', async (days) => {
    const { AccountId } = await given()
    const RetentionSettings = { RoomRetentionSettings: { RetentionDays: days } }
    const path = `/accounts/${AccountId}/retention-settings`
    const answer = await sendSigned(belfry.url, tenant, {
      method: 'PUT',
      path,
      body: JSON.stringify({ RetentionSettings }),
    })
    expect(refusedRaw(answer)).toContain("Value at 'RetentionSettings.RoomRetentionSettings.RetentionDays'")
  })

  test('refuse Team accounts, unknown accounts and missing settings', async () => {
    const AccountId = await givenAccount(tenant)
    expect(await refused(get(AccountId))).toMatch(/^400 .*Team/)
    expect(await refused(put(AccountId, 5))).toMatch(/^400 .*Team/)
    expect(await refused(get('nobody'))).toBe(notFound('Account', 'nobody'))
    const answer = await sendSigned(belfry.url, tenant, {
      method: 'PUT',
      path: `/accounts/${AccountId}/retention-settings`,
      body: '{}',
    })
    expect(refusedRaw(answer)).toContain("Value at 'RetentionSettings' failed")
  })
})

test('the messages of a room are deleted with the room', async () => {
  const { AccountId, RoomId, room, ann } = await given()
  const MessageId = await post(room, ann, 'x')
  await tenant.chime.deleteRoom({ AccountId, RoomId })
  const kept = await belfry.database.read((db) =>
    db.selectFrom('messages').select('message_id').where('message_id', '=', MessageId).execute(),
  )
  expect(kept).toEqual([])
})
