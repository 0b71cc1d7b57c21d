/** One row of every table, consistent with each other. Leaving a table out is a type error. */
import type { Row, TableName } from '../../src/database/schema/tables.ts'
import type { Db } from '../../src/database/transaction.ts'

const aws_account_id = '123456789012'
const account = { aws_account_id, account_id: '12a3456b-7c89-012d-3456-78901e23fg45' }
const user_id = '1ab2345c-67de-8901-f23g-45h678901j2k'
const order_id = '019a0000-0000-7000-8000-000000000001'
const room_id = '019a0000-0000-7000-8000-000000000002'
const bot_id = '019a0000-0000-7000-8000-000000000003'
const meeting_id = '019a0000-0000-7000-8000-000000000004'
const conversation_id = '019a0000-0000-7000-8000-000000000005'
const phone_number = '+12065550100'
const created_at = '2026-07-01T12:00:00.000Z'
const later = '2026-07-02T12:00:00.000Z'
const principal_name = 'ann'
const arn = 'arn:aws:iam::123456789012:user/ann'
const hash = 'f'.repeat(64)

export const everyRow: { readonly [Name in TableName]: Row<Name> } = {
  accounts: {
    ...account,
    name: 'Żółć & "Söhne"',
    name_key: 'żółć & "söhne"',
    account_type: 'EnterpriseLWA',
    account_status: 'Active',
    default_license: 'Pro',
    supported_licenses: '["Basic","Pro"]',
    disable_remote_control: 0,
    enable_dial_out: 1,
    created_at,
    deleted_at: null,
  },
  account_domains: { ...account, domain: 'example.com', claimed_at: created_at },
  signin_delegate_groups: { ...account, group_name: "it's", associated_at: created_at },
  aws_account_settings: {
    aws_account_id,
    business_calling_cdr_bucket: 'bucket',
    voice_connector_cdr_bucket: null,
    calling_name: 'Belfry',
    calling_name_updated_at: created_at,
  },
  users: {
    ...account,
    user_id,
    email: 'Martha@example.com',
    email_key: 'martha@example.com',
    display_name: 'Martha 🔔 Rivera',
    license_type: 'Pro',
    user_type: 'PrivateUser',
    registration_status: 'Registered',
    invitation_status: 'Accepted',
    invite_id: 'invite',
    invited_at: created_at,
    registered_at: created_at,
    personal_pin: '1234567890',
    signed_out_at: null,
    alexa_enabled: 1,
    alexa_room_arn: 'arn:aws:a4b:us-east-1:123456789012:room/x',
    inbound_calling: 1,
    outbound_calling: 0,
    sms: 1,
    created_at,
    deleted_at: null,
  },
  phone_numbers: {
    aws_account_id,
    phone_number,
    order_id,
    country: 'US',
    type: 'Local',
    product_type: 'BusinessCalling',
    status: 'Unassigned',
    calling_name: 'Bell',
    calling_name_status: 'UpdateInProgress',
    calling_name_due_at: later,
    created_at,
    updated_at: later,
    deleted_at: null,
  },
  assignments: {
    aws_account_id,
    assignment_id: '019a0000-0000-7000-8000-00000000000a',
    phone_number,
    account_id: account.account_id,
    user_id,
    assigned_at: later,
    assigned_by: arn,
    assign_request_id: 'request',
    unassigned_at: null,
    unassigned_by: null,
    unassign_request_id: null,
  },
  phone_number_orders: {
    aws_account_id,
    order_id,
    product_type: 'BusinessCalling',
    status: 'Successful',
    due_at: created_at,
    created_at,
    updated_at: created_at,
  },
  ordered_phone_numbers: { aws_account_id, order_id, position: 0, phone_number, status: 'Acquired' },
  stock: {
    phone_number,
    country: 'US',
    type: 'Local',
    area_code: '206',
    city_key: 'seattle',
    state_key: 'wa',
    available: 0,
  },
  rooms: { ...account, room_id, name: 'Lobby', created_by: arn, created_at, updated_at: later },
  room_tokens: { ...account, principal_arn: arn, token_hash: hash, room_id, name: 'Lobby', created_at },
  room_memberships: {
    ...account,
    room_id,
    member_id: user_id,
    member_type: 'User',
    member_account_id: account.account_id,
    role: 'Administrator',
    invited_by: arn,
    created_at,
    updated_at: created_at,
  },
  conversations: { ...account, conversation_id, member_ids: `["${user_id}"]`, created_at },
  messages: {
    ...account,
    place_type: 'Room',
    place_id: room_id,
    message_id: '019a0000-0000-7000-8000-00000000000b',
    sender_type: 'User',
    sender_id: user_id,
    content: `${'long '.repeat(800)}\n\t'; drop table users; --`,
    created_at,
    redacted_at: null,
    redacted_by: null,
  },
  retention_settings: { ...account, room_days: 30, conversation_days: null, initiate_deletion_at: null },
  bots: {
    ...account,
    bot_id,
    display_name: 'Bot (Bot)',
    bot_email: 'bot-chimebot@example.com',
    disabled: 0,
    security_token: 'token',
    https_endpoint: 'https://bot.example.com/',
    lambda_arn: null,
    created_at,
    updated_at: created_at,
  },
  webhook_urls: {
    url_id: '019a0000-0000-7000-8000-00000000000c',
    token_hash: hash,
    ...account,
    room_id,
    owner_type: 'Webhook',
    owner_id: 'webhook',
    name: 'CI',
    created_by: arn,
    created_at,
    expires_at: null,
    revoked_at: null,
    last_posted_at: later,
  },
  bot_deliveries: {
    ...account,
    bot_id,
    delivery_id: '019a0000-0000-7000-8000-00000000000d',
    event_type: 'Mention',
    body: '{}',
    attempts: 2,
    due_at: later,
  },
  meetings: { aws_account_id, meeting_id, join_token_hash: hash, created_by: arn, created_at, ended_at: null },
  meeting_dial_outs: {
    aws_account_id,
    meeting_id,
    transaction_id: '019a0000-0000-7000-8000-00000000000e',
    from_number: phone_number,
    to_number: '+12065550199',
    status: 'Failed',
    status_reason: 'no gateway',
    requested_by: arn,
    request_id: 'request',
    requested_at: created_at,
  },
  invitation_mails: { ...account, user_id, invite_id: 'invite', attempts: 1, due_at: later },
  principals: { aws_account_id, principal_name, principal_type: 'Person', created_at },
  policies: { aws_account_id, policy_name: 'own', document: '{}', created_at, updated_at: later },
  principal_policies: { aws_account_id, principal_name, policy_name: 'own', attached_at: later },
  access_keys: {
    access_key_id: 'AKIAEVERYROWEVERYROW',
    aws_account_id,
    principal_name,
    sealed_secret: 'sealed',
    status: 'Active',
    session_token_hash: null,
    expires_at: null,
    issued_by: null,
    requests_per_second: 5,
    created_at,
    last_used_at: later,
  },
  journal: {
    aws_account_id,
    event_id: '019a0000-0000-7000-8000-00000000000f',
    event_time: created_at,
    event_name: 'CreateAccount',
    principal_arn: arn,
    access_key_id: null,
    request_id: 'request',
    source_ip: '192.0.2.1',
    user_agent: null,
    request_parameters: '{}',
    resources: '[]',
    error_code: null,
  },
}

export const everyTable = Object.keys(everyRow) as TableName[]

export async function insertEveryRow(db: Db): Promise<void> {
  for (const table of everyTable) await db.insertInto(table).values(everyRow[table]).execute()
}

/** All rows of all tables as sorted JSON texts. */
export async function readEveryRow(db: Db): Promise<Record<string, string[]>> {
  const found: [string, string[]][] = []
  for (const table of everyTable) {
    const rows: object[] = await db.selectFrom(table).selectAll().execute()
    found.push([table, rows.map((row) => JSON.stringify(Object.entries(row).toSorted())).toSorted()])
  }
  return Object.fromEntries(found)
}
