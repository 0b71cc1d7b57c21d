/** The statements of AssociatePhoneNumberWithUser, hand-written for SQLite. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { newId } from '../src/primitives/ids.ts'
import type { Caller } from '../src/domains/operation.ts'
import type { Request } from '../src/wire/request.ts'
import { awsAccountId } from './data.ts'

export interface Association {
  accountId: string
  userId: string
  phoneNumber: string
  caller: Pick<Caller, 'principalArn' | 'accessKeyId'>
  request: Pick<Request, 'id' | 'sourceIp'>
  now: string
}

export interface PlainSqlite {
  begin(): void
  commit(): void
  rollback(): void
  /** Must be called between `begin` and `commit`. */
  associate(association: Association): void
  readUser(accountId: string, userId: string): unknown
  close(): void
}

export function openPlainSqlite(file: string): PlainSqlite {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  const statements = prepare(database)
  return {
    begin: () => void statements.begin.run(),
    commit: () => void statements.commit.run(),
    rollback: () => void statements.rollback.run(),
    associate: (association) => associate(statements, association),
    readUser: (accountId, userId) => statements.user.get(awsAccountId, accountId, userId),
    close: () => database.close(),
  }
}

/** Must match the expression of the indexes, or they are not used. */
export const ended = `(case when unassigned_at is null then '' else assignment_id end)`
export const isOpen = `${ended} = ''`

const texts = {
  begin: 'begin immediate',
  commit: 'commit',
  rollback: 'rollback',
  user: `select users.*, assignments.phone_number from users left join assignments
         on assignments.aws_account_id = users.aws_account_id and assignments.account_id = users.account_id
         and assignments.user_id = users.user_id and ${isOpen}
       where users.aws_account_id = ? and users.account_id = ? and users.user_id = ? and users.deleted_at is null`,
  assignableUser: `select users.aws_account_id, users.account_id, users.user_id, registration_status, inbound_calling, outbound_calling, sms,
         assignments.phone_number, account_status,
         (select unassigned_at from assignments where aws_account_id = ?1 and account_id = ?2 and user_id = ?3
          order by ${ended} desc limit 1) as last_end
       from users
       join accounts on accounts.aws_account_id = users.aws_account_id and accounts.account_id = users.account_id
       left join assignments on assignments.aws_account_id = users.aws_account_id
         and assignments.account_id = users.account_id and assignments.user_id = users.user_id and ${isOpen}
       where users.aws_account_id = ?1 and users.account_id = ?2 and users.user_id = ?3 and users.deleted_at is null`,
  assignableNumber: `select phone_numbers.aws_account_id, phone_numbers.phone_number, status, product_type, account_id, user_id,
         (select unassigned_at from assignments where aws_account_id = ?1 and phone_number = ?2
          order by ${ended} desc limit 1) as last_end
       from phone_numbers
       left join assignments on assignments.aws_account_id = phone_numbers.aws_account_id
         and assignments.phone_number = phone_numbers.phone_number and ${isOpen}
       where phone_numbers.aws_account_id = ?1 and phone_numbers.phone_number = ?2`,
  assign: `insert into assignments (aws_account_id, assignment_id, phone_number, account_id, user_id,
         assigned_at, assigned_by, assign_request_id) values (?, ?, ?, ?, ?, ?, ?, ?)`,
  record: `insert into journal (aws_account_id, event_id, event_time, event_name, principal_arn, access_key_id,
         request_id, source_ip, user_agent, request_parameters, resources) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
}

type Statements = Record<keyof typeof texts, StatementSync>

const prepare = (database: DatabaseSync) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, database.prepare(text)])) as Statements

function associate(statements: Statements, { accountId, userId, phoneNumber, caller, request, now }: Association) {
  const user = statements.assignableUser.get(awsAccountId, accountId, userId)
  const number = statements.assignableNumber.get(awsAccountId, phoneNumber)
  if (!user || !number) throw new Error('The user or the number is missing')
  if (user['phone_number'] !== null || number['user_id'] !== null)
    throw new Error('The user or the number is already assigned')
  const { principalArn, accessKeyId } = caller
  statements.assign.run(awsAccountId, newId(now), phoneNumber, accountId, userId, now, principalArn, request.id)
  const parameters = parametersOf({ accountId, userId })
  const names = [newId(now), now, 'AssociatePhoneNumberWithUser', principalArn, accessKeyId, request.id] as const
  statements.record.run(awsAccountId, ...names, request.sourceIp, null, parameters, parameters)
}

/** As in the journal, with the number masked. */
export const parametersOf = ({ accountId, userId }: Pick<Association, 'accountId' | 'userId'>): string =>
  JSON.stringify({ AccountId: accountId, UserId: userId, E164PhoneNumber: '…' })
