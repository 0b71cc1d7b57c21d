/** Inserts the resources that the sample commands of the AWS CLI name, with the placeholder ids of the samples. */
import type { AccountRow } from '../../src/domains/rows.ts'
import type { Row } from '../../src/database/schema/tables.ts'
import type { Db } from '../../src/database/transaction.ts'
import { newAccount } from '../../src/domains/accounts/rules.ts'
import { claimDomain, insertAccount } from '../../src/domains/accounts/store.ts'
import { insertBot } from '../../src/domains/bots/store.ts'
import { sha256 } from '../../src/primitives/digest.ts'
import { insertMeeting } from '../../src/domains/meetings/store.ts'
import { insertConversation, insertMessage } from '../../src/domains/messages/store.ts'
import { newPhoneNumber } from '../../src/domains/phone-numbers/rules.ts'
import { insertPhoneNumbers } from '../../src/domains/phone-numbers/store.ts'
import { insertRoom } from '../../src/domains/rooms/store.ts'
import { newStock } from '../../src/domains/stock/rules.ts'
import { addToStock } from '../../src/domains/stock/store.ts'
import { newPersonalPin, newUser } from '../../src/domains/users/rules.ts'
import { insertUser } from '../../src/domains/users/store.ts'

type AccountType = AccountRow['account_type']

const people = {
  '12a3456b-7c89-012d-3456-78901e23fg45': [
    '1ab2345c-67de-8901-f23g-45h678901j2k',
    '2ab2345c-67de-8901-f23g-45h678901j2k',
  ],
  'a1b2c3d4-5678-90ab-cdef-11111EXAMPLE': [
    'a1b2c3d4-5678-90ab-cdef-22222EXAMPLE',
    'a1b2c3d4-5678-90ab-cdef-33333EXAMPLE',
    'a1b2c3d4-5678-90ab-cdef-44444EXAMPLE',
  ],
}

/** Fills a new database. */
export async function insertSampleData(db: Db, awsAccountId: string, type: AccountType, now: string): Promise<void> {
  const [first] = await insertAccounts(db, awsAccountId, type, now)
  if (first && type !== 'Team') await insertEnterprise(db, first, now)
  await insertNumbers(db, awsAccountId, now)
  await insertMeeting(db, {
    aws_account_id: awsAccountId,
    meeting_id: 'a1b2c3d4-5678-90ab-cdef-111112222233',
    join_token_hash: sha256('12345abcdEFGH'),
    created_by: 'somebody',
    created_at: now,
    ended_at: null,
  })
}

async function insertAccounts(db: Db, aws_account_id: string, account_type: AccountType, now: string) {
  const accounts = Object.keys(people).map((account_id) =>
    newAccount(now, { aws_account_id, account_id, name: 'Example', account_type }),
  )
  for (const account of accounts) await insertAccount(db, account)
  for (const account of accounts) await insertUsers(db, account, now)
  return accounts
}

async function insertUsers(db: Db, account: AccountRow, now: string) {
  for (const user_id of people[account.account_id as keyof typeof people])
    await insertUser(
      db,
      newUser(account, now, {
        user_id,
        email: `${user_id}@example.com`,
        registration_status: 'Registered',
        registered_at: now,
        personal_pin: newPersonalPin(),
      }),
    )
}

/** Inserts a domain, a bot, a room, and a message in the room and in a conversation. */
async function insertEnterprise(db: Db, account: AccountRow, now: string) {
  const { aws_account_id, account_id } = account
  const made = { aws_account_id, account_id, created_at: now }
  await claimDomain(db, account, 'example.com', now)
  await insertBot(db, { ...made, ...bot, updated_at: now })
  await insertRoom(db, { ...made, room_id: roomId, name: 'chatRoom', created_by: 'somebody', updated_at: now })
  await insertConversation(db, { ...made, conversation_id: conversationId, member_ids: JSON.stringify(members) })
  for (const message of messages) await insertMessage(db, { ...made, ...message })
}

const roomId = 'abcd1e2d-3e45-6789-01f2-3g45h67i890j'
const conversationId = 'bcde2f3e-4f56-7890-12a3-4h56i78j901k'
const members = people['12a3456b-7c89-012d-3456-78901e23fg45']

const bot = {
  bot_id: '123abcd4-5ef6-789g-0h12-34j56789012k',
  display_name: 'oldBot (Bot)',
  bot_email: 'oldBot-chimebot@example.com',
  disabled: 0,
  security_token: 'not a secret',
  https_endpoint: 'https://bot.example.com/events',
  lambda_arn: null,
} as const

const said = {
  sender_type: 'User',
  sender_id: '1ab2345c-67de-8901-f23g-45h678901j2k',
  content: 'Hello',
  redacted_at: null,
  redacted_by: null,
} as const

const messages = [
  { ...said, place_type: 'Room', place_id: roomId, message_id: 'cdef3a4f-5a67-8901-23b4-5i67j89k012l' },
  { ...said, place_type: 'Conversation', place_id: conversationId, message_id: 'defa4b5a-6b78-9012-34c5-6j78k90l123m' },
] as const satisfies Partial<Row<'messages'>>[]

/** Inserts three numbers into the stock and two into the inventory of the AWS account. */
async function insertNumbers(db: Db, aws_account_id: string, now: string) {
  const free = ['+12065550100', '+12065550101', '+12065550102']
  await addToStock(
    db,
    free.map((number) => newStock(number, 'Seattle', 'WA')),
  )
  const facts = { country: 'US', type: 'Local', product_type: 'BusinessCalling', status: 'Unassigned' } as const
  const owned = ['+14013143874', '+14013144061']
  await insertPhoneNumbers(
    db,
    owned.map((phone_number) => newPhoneNumber(now, { aws_account_id, phone_number, ...facts })),
  )
}
