/** Creates one resource of every kind in an AWS account through the API, and reads all rows of the account. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Row, Tables } from '../../src/database/schema/tables.ts'
import type { Tenant, TestBelfry } from './belfry.ts'
import { givenEnterprise, givenNumber, givenUser, newEmail } from './given.ts'
import { callBelfry } from './raw.ts'

/** The id or name of one resource of each kind, by the input member for it. */
export type Names = Awaited<ReturnType<typeof givenEverything>>

export async function givenEverything(belfry: TestBelfry, tenant: Tenant) {
  const AccountId = await givenEnterprise(belfry, tenant)
  const DomainName = `${randomBytes(8).toString('hex')}.example.com`
  await callBelfry(belfry.url, tenant, `PUT /accounts/${AccountId}/domains/${DomainName}`)
  const email = newEmail()
  const UserId = await givenUser(tenant, AccountId, email)
  const number = await givenNumber(belfry, tenant)
  await tenant.chime.associatePhoneNumberWithUser({ AccountId, UserId, E164PhoneNumber: number })
  const { PhoneNumberOrders } = await tenant.chime.listPhoneNumberOrders({})
  return {
    AccountId,
    UserId,
    ...(await givenTalk(belfry, tenant, AccountId, UserId)),
    ...(await givenIdentity(belfry, tenant)),
    UserEmail: email,
    E164PhoneNumber: number,
    FromPhoneNumber: number,
    PhoneNumberId: number,
    PhoneNumberOrderId: PhoneNumberOrders?.[0]?.PhoneNumberOrderId ?? '',
  }
}

async function givenTalk(belfry: TestBelfry, tenant: Tenant, AccountId: string, UserId: string) {
  const make = maker(belfry, tenant)
  const { Room } = await tenant.chime.createRoom({ AccountId, Name: 'Room' })
  const RoomId = Room?.RoomId ?? ''
  await tenant.chime.createRoomMembership({ AccountId, RoomId, MemberId: UserId })
  const { Bot } = await tenant.chime.createBot({ AccountId, DisplayName: 'Bot' })
  const room = `/accounts/${AccountId}/rooms/${RoomId}`
  const { MessageId } = await make('Message', `POST ${room}/messages`, { SenderId: UserId, Content: 'Hello' })
  const { WebhookId } = await make('Webhook', `POST ${room}/webhooks`, { Name: 'Lunch menu' })
  const MemberIds = [UserId, await givenUser(tenant, AccountId)]
  const { ConversationId } = await make('Conversation', `POST /accounts/${AccountId}/conversations`, { MemberIds })
  const { MeetingId, JoinToken } = await make('Meeting', 'POST /meetings')
  return {
    RoomId,
    MemberId: UserId,
    SenderId: UserId,
    BotId: Bot?.BotId ?? '',
    MessageId: MessageId ?? '',
    WebhookId: WebhookId ?? '',
    ConversationId: ConversationId ?? '',
    MeetingId: MeetingId ?? '',
    JoinToken: JoinToken ?? '',
  }
}

async function givenIdentity(belfry: TestBelfry, tenant: Tenant) {
  const make = maker(belfry, tenant)
  const PolicyName = `policy-${randomUUID()}`
  const PolicyDocument = JSON.stringify({ Statement: { Effect: 'Allow', Action: 'chime:*', Resource: '*' } })
  await make('Policy', `PUT /policies/${PolicyName}`, { PolicyDocument })
  const PrincipalName = `principal-${randomUUID()}`
  await make('Principal', 'POST /principals', { PrincipalName, PrincipalType: 'Person' })
  await callBelfry(belfry.url, tenant, `PUT /principals/${PrincipalName}/policies/${PolicyName}`)
  const { AccessKeyId } = await make('AccessKey', `POST /principals/${PrincipalName}/access-keys`, {})
  return { PolicyName, PrincipalName, AccessKeyId: AccessKeyId ?? '' }
}

const maker = (belfry: TestBelfry, tenant: Tenant) => async (thing: string, call: string, members?: object) => {
  const { json } = await callBelfry(belfry.url, tenant, call, members)
  return json[thing] as Partial<Record<string, string>>
}

/** Ids and names of the same form that no resource has. */
export function unusedNames(): Names {
  const [UserId, number] = [randomUUID(), `+1206${randomInt(2_000_000, 9_999_999)}`]
  return {
    AccountId: randomUUID(),
    UserId,
    RoomId: randomUUID(),
    MemberId: UserId,
    SenderId: UserId,
    BotId: randomUUID(),
    MessageId: randomUUID(),
    WebhookId: randomUUID(),
    ConversationId: randomUUID(),
    MeetingId: randomUUID(),
    JoinToken: randomBytes(48).toString('base64'),
    PolicyName: `policy-${randomUUID()}`,
    PrincipalName: `principal-${randomUUID()}`,
    AccessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    UserEmail: newEmail(),
    E164PhoneNumber: number,
    FromPhoneNumber: number,
    PhoneNumberId: number,
    PhoneNumberOrderId: randomUUID(),
  }
}

/** The tables whose rows belong to an AWS account. */
const owned: Record<Exclude<keyof Tables, 'stock'>, true> = {
  accounts: true,
  account_domains: true,
  signin_delegate_groups: true,
  aws_account_settings: true,
  users: true,
  phone_numbers: true,
  assignments: true,
  phone_number_orders: true,
  ordered_phone_numbers: true,
  rooms: true,
  room_tokens: true,
  room_memberships: true,
  conversations: true,
  messages: true,
  retention_settings: true,
  bots: true,
  webhook_urls: true,
  bot_deliveries: true,
  meetings: true,
  meeting_dial_outs: true,
  invitation_mails: true,
  principals: true,
  policies: true,
  principal_policies: true,
  access_keys: true,
  journal: true,
}

/** All rows of an AWS account in JSON, by table. */
export async function readAll({ database }: TestBelfry, awsAccountId: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const table of Object.keys(owned) as (keyof typeof owned)[]) {
    const rows = await database.read((db) =>
      db.selectFrom(table).selectAll().where('aws_account_id', '=', awsAccountId).execute(),
    )
    found[table] = (rows as Row<typeof table>[]).map((row) => JSON.stringify(row)).toSorted()
  }
  return found
}
