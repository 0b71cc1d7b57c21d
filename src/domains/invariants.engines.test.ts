/** Every invariant of the data detects a violation. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { findBreach } from '../database/invariant.ts'
import { openDatabase } from '../database/open.ts'
import type { Db } from '../database/transaction.ts'
import { invariants } from './invariants.ts'
import { newDatabase } from '../../test/support/belfry.ts'
import { afterTests } from '../../test/support/clean-up.ts'
import { everyRow, insertEveryRow } from '../../test/support/every-row.ts'

const url = await newDatabase()
const database = await openDatabase(url)
afterTests(() => database.close())
await database.write(insertEveryRow)

const names = invariants.map(({ name }) => name)

/** Returns the names of the invariants that some statements violate, and rolls the statements back. */
async function brokenBy(...statements: string[]): Promise<string[]> {
  const broken: string[] = []
  const undone = new Error('undone')
  const attempt = database.write(async (db) => {
    for (const statement of statements) await sql.raw(statement).execute(db)
    broken.push(...(await findBroken(db)))
    throw undone
  })
  await expect(attempt).rejects.toBe(undone)
  return broken
}

async function findBroken(db: Db) {
  const broken: string[] = []
  for (const invariant of invariants) if ((await findBreach(db, invariant)).ids.length > 0) broken.push(invariant.name)
  return broken
}

const dropIndexes = ['one_holder_per_number', 'one_number_per_user', 'one_owner_per_number', 'one_user_per_email'].map(
  (index) => `drop index ${index}`,
)
const { assigned_at } = everyRow.assignments
const ended = `unassigned_at = '2026-07-03T12:00:00.000Z', unassigned_by = 'x', unassign_request_id = 'x'`
const copyAssignment = (changes: Record<string, string>) => copy('assignments', everyRow.assignments, changes)
const otherUser = () =>
  copy('users', everyRow.users, { user_id: 'other', email: 'o@x.y', email_key: 'o@x.y', personal_pin: '1' })
const otherNumber = () => copy('phone_numbers', everyRow.phone_numbers, { phone_number: '+1', order_id: '' })

function copy(table: string, row: object, changes: Record<string, string>) {
  const values = Object.values<string | number | null>({ ...row, ...changes }).map((value) =>
    value === null || value === '' ? 'null' : typeof value === 'number' ? value : `'${value.replaceAll("'", "''")}'`,
  )
  return `insert into ${table} (${Object.keys(row).join()}) values (${values.join()})`
}

/** Statements that violate each invariant. */
const breaches: Record<string, string[]> = {
  'a number has one holder at most': [
    ...dropIndexes,
    otherUser(),
    copyAssignment({ assignment_id: 'b', user_id: 'other' }),
  ],
  'a user holds one number at most': [
    ...dropIndexes,
    otherNumber(),
    copyAssignment({ assignment_id: 'b', phone_number: '+1' }),
  ],
  'nobody got a number before the last holder gave it back': [
    `update assignments set ${ended}`,
    otherUser(),
    copyAssignment({ assignment_id: 'b', user_id: 'other', assigned_at: '2026-07-03T11:59:59.999Z' }),
  ],
  'nobody got a number before giving back the one they had': [
    otherNumber(),
    `update assignments set ${ended}`,
    copyAssignment({ assignment_id: 'b', phone_number: '+1', assigned_at: '2026-07-03T11:59:59.999Z' }),
  ],
  'no assignment ends before it begins': [`update assignments set ${ended}, assigned_at = '2026-07-04T12:00:00.000Z'`],
  'an assignment that ended says when, by whom and by which request': [
    `update assignments set unassigned_at = '2026-07-03T12:00:00.000Z'`,
  ],
  'a number that is held is in the inventory, and usable': ['delete from phone_numbers'],
  'who holds a number has not been deleted': [`update users set deleted_at = '${assigned_at}'`],
  'who held a number is on record': [`update assignments set user_id = 'nobody'`],
  'a number belongs to one AWS account at most': [
    ...dropIndexes,
    copy('phone_numbers', everyRow.phone_numbers, { aws_account_id: '210987654321', order_id: '' }),
  ],
  'a number is in the deletion queue if and only if it says since when': [
    `update phone_numbers set status = 'ReleaseInProgress'`,
  ],
  'a calling name that is pending says when it is due': [`update phone_numbers set calling_name_due_at = null`],
  'a number has the status that it has in its order': [`update ordered_phone_numbers set status = 'Failed'`],
  'a number that is being acquired has an order': [
    `update phone_numbers set status = 'AcquireInProgress', order_id = null`,
  ],
  'an ordered number has its order': ['delete from phone_number_orders'],
  'an order has the status that its numbers make': [`update phone_number_orders set status = 'Partial'`],
  'a number that somebody has is not for sale': ['update stock set available = 1'],
  'a claimed domain has its account': [`update accounts set deleted_at = '${assigned_at}'`],
  'a delegate group has its account': ['delete from accounts'],
  'a user has their account': ['delete from accounts'],
  'a user was deleted when their account was, or before': [`update accounts set deleted_at = '${assigned_at}'`],
  'an address belongs to one user at most': [
    ...dropIndexes,
    copy('users', everyRow.users, { user_id: 'other', personal_pin: '1' }),
  ],
  'who has not registered has no PIN': [`update users set registration_status = 'Unregistered'`],
  'an invitation that is to be mailed has its user': ['delete from users'],
  'a room has its account': ['delete from accounts'],
  'a client token has its account': ['delete from accounts'],
  'a membership has its room': ['delete from rooms'],
  'a member of a room is a user or a bot that there is': ['delete from users'],
  'a bot has its account': ['delete from accounts'],
  'an event on its way has its bot': ['delete from bots'],
  'a conversation has its account': ['delete from accounts'],
  'a message has its room or conversation': ['delete from rooms'],
  'a message that was redacted has no content, and any other has': ['update messages set content = null'],
  'retention settings have their account': ['delete from accounts'],
  'a URL that is not revoked leads to a room': ['delete from rooms'],
  'a webhook has one URL that is not revoked at most': [copy('webhook_urls', everyRow.webhook_urls, { url_id: 'b' })],
  'a call out of a meeting has its meeting': ['delete from meetings'],
  'an access key has its principal': ['delete from principals'],
  'a temporary key was issued by a key that there is': [`update access_keys set issued_by = 'AKIAWENTAWAYWENTAWAY'`],
  'who has a policy is a principal that there is': ['delete from principals'],
  'a policy that somebody has is stored or built in': ['delete from policies'],
  'the journal is in the order of its times': [
    copy('journal', everyRow.journal, { event_id: '0', event_time: '2026-07-01T12:00:00.001Z' }),
  ],
}

test('consistent data violates no invariant', async () => {
  expect(await database.read(findBroken)).toEqual([])
})

test.each(names)('a violation of "%s" is found', async (name) => {
  expect(await brokenBy(...(breaches[name] ?? []))).toContain(name)
})

test('a violation names at most ten ids', async () => {
  const first = invariants.find(
    ({ name }) => name === 'an assignment that ended says when, by whom and by which request',
  )
  const many = Array.from({ length: 12 }, (_, index) =>
    copyAssignment({ assignment_id: `z${index}`, unassigned_at: assigned_at }),
  )
  const undone = new Error('undone')
  const attempt = database.write(async (db) => {
    for (const statement of many) await sql.raw(statement).execute(db)
    if (first) expect(await findBreach(db, first)).toMatchObject({ ids: { length: 10 }, more: true })
    throw undone
  })
  await expect(attempt).rejects.toBe(undone)
})

test('the names of the invariants are unique', () => expect(new Set(names).size).toBe(names.length))
