/** What AssociatePhoneNumberWithUser reads and writes, as one would write it by hand for SQLite. */
import { DatabaseSync } from 'node:sqlite'
import { newId } from '../../src/database/ids.ts'
import { awsAccountId } from '../data.ts'
import type { Association, PlainStore } from './steps.ts'

export function oneCommitEach(file: string): PlainStore {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  const statements = prepare(database)
  return {
    associate(association) {
      statements.begin.run()
      try {
        associate(statements, association)
        statements.commit.run()
      } catch (error) {
        statements.rollback.run()
        throw error
      }
    },
  }
}

/** In the words of the indexes. */
const ended = `(case when unassigned_at is null then '' else assignment_id end)`
const isOpen = `${ended} = ''`

type Statements = ReturnType<typeof prepare>

function prepare(database: DatabaseSync) {
  return {
    begin: database.prepare('begin immediate'),
    commit: database.prepare('commit'),
    rollback: database.prepare('rollback'),
    account: database.prepare(
      'select * from accounts where aws_account_id = ? and account_id = ? and deleted_at is null',
    ),
    user: database.prepare(
      `select users.*, assignments.phone_number from users left join assignments
         on assignments.aws_account_id = users.aws_account_id and assignments.account_id = users.account_id
         and assignments.user_id = users.user_id and ${isOpen}
       where users.aws_account_id = ? and users.account_id = ? and users.user_id = ? and users.deleted_at is null`,
    ),
    number: database.prepare(
      `select phone_numbers.*, assignments.user_id from phone_numbers left join assignments
         on assignments.aws_account_id = phone_numbers.aws_account_id
         and assignments.phone_number = phone_numbers.phone_number and ${isOpen}
       where phone_numbers.aws_account_id = ? and phone_numbers.phone_number = ?`,
    ),
    assign: database.prepare(
      `insert into assignments (aws_account_id, assignment_id, phone_number, account_id, user_id,
         assigned_at, assigned_by, assign_request_id) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    lastEnds: database.prepare(
      `select (select unassigned_at from assignments where aws_account_id = ? and phone_number = ? order by ${ended} desc limit 1),
         (select unassigned_at from assignments where aws_account_id = ? and account_id = ? and user_id = ?
          order by ${ended} desc limit 1)`,
    ),
    record: database.prepare(
      `insert into journal (aws_account_id, event_id, event_time, event_name, principal_arn, access_key_id,
         request_id, source_ip, user_agent, request_parameters, resources) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
  }
}

function associate(statements: Statements, { accountId, userId, phoneNumber, caller, request, now }: Association) {
  const account = statements.account.get(awsAccountId, accountId)
  const user = statements.user.get(awsAccountId, accountId, userId)
  const number = statements.number.get(awsAccountId, phoneNumber)
  statements.lastEnds.get(awsAccountId, phoneNumber, awsAccountId, accountId, userId)
  if (!account || !user || !number) throw new Error('Something is not there')
  if (user['phone_number'] !== null || number['user_id'] !== null) throw new Error('Something is taken')
  const { principalArn, accessKeyId } = caller
  statements.assign.run(awsAccountId, newId(now), phoneNumber, accountId, userId, now, principalArn, request.id)
  const parameters = JSON.stringify({ AccountId: accountId, UserId: userId, E164PhoneNumber: '…' })
  const names = [newId(now), now, 'AssociatePhoneNumberWithUser', principalArn, accessKeyId, request.id] as const
  statements.record.run(awsAccountId, ...names, request.sourceIp, null, parameters, parameters)
}
