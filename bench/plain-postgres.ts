/** The statements of AssociatePhoneNumberWithUser, hand-written for PostgreSQL and for many inputs at a time. */
import { Client } from 'pg'
import { newId } from '../src/primitives/ids.ts'
import { accountId, awsAccountId } from './data.ts'
import { type Association, ended, isOpen, parametersOf } from './plain-sqlite.ts'

export interface PlainPostgres {
  /** One transaction in two round trips. Callers must be the same for all, users and numbers distinct. */
  associate(associations: readonly Association[]): Promise<void>
  /** Returns the number of users found. */
  readUsers(userIds: readonly string[]): Promise<number>
  close(): Promise<void>
}

export async function openPlainPostgres(connectionString: string): Promise<PlainPostgres> {
  const client = new Client({ connectionString, pipeline: true })
  await client.connect()
  const run = (name: keyof typeof statements, values: readonly unknown[]) =>
    client.query({ name, text: statements[name], values: [awsAccountId, ...values] })
  return {
    associate: (associations) => associate(client, run, associations),
    async readUsers(userIds) {
      const begun = client.query('start transaction isolation level repeatable read read only')
      const [, { rowCount }] = await Promise.all([begun, run('users', [accountId, userIds]), client.query('commit')])
      return rowCount ?? 0
    },
    close: () => client.end(),
  }
}

const statements = {
  users: `select users.*, assignments.phone_number from unnest($3::text[]) as asked (id)
      join users on users.aws_account_id = $1 and users.account_id = $2 and users.user_id = asked.id and users.deleted_at is null
      left join assignments on assignments.aws_account_id = $1 and assignments.account_id = $2
        and assignments.user_id = asked.id and ${isOpen}`,
  assignableUsers: `select users.aws_account_id, users.account_id, users.user_id, registration_status, inbound_calling,
        outbound_calling, sms, assignments.phone_number, account_status,
        (select unassigned_at from assignments where aws_account_id = $1 and account_id = $2 and user_id = asked.id
         order by ${ended} desc limit 1) as last_end
      from unnest($3::text[]) as asked (id)
      join users on users.aws_account_id = $1 and users.account_id = $2 and users.user_id = asked.id and users.deleted_at is null
      join accounts on accounts.aws_account_id = users.aws_account_id and accounts.account_id = users.account_id
      left join assignments on assignments.aws_account_id = $1 and assignments.account_id = $2
        and assignments.user_id = asked.id and ${isOpen}`,
  assignableNumbers: `select phone_numbers.aws_account_id, phone_numbers.phone_number, status, product_type, account_id, user_id,
        (select unassigned_at from assignments where aws_account_id = $1 and phone_number = asked.number
         order by ${ended} desc limit 1) as last_end
      from unnest($2::text[]) as asked (number)
      join phone_numbers on phone_numbers.aws_account_id = $1 and phone_numbers.phone_number = asked.number
      left join assignments on assignments.aws_account_id = $1 and assignments.phone_number = asked.number and ${isOpen}`,
  assign: `insert into assignments (aws_account_id, account_id, assignment_id, phone_number, user_id, assign_request_id,
        assigned_at, assigned_by)
      select $1, $2, made.*, $7, $8 from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as made`,
  record: `insert into journal (aws_account_id, event_name, event_id, request_id, request_parameters, resources,
        event_time, principal_arn, access_key_id, source_ip)
      select $1, 'AssociatePhoneNumberWithUser', made.*, $6, $7, $8, $9
      from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as made`,
}

type Run = (name: keyof typeof statements, values: readonly unknown[]) => Promise<{ rowCount: number | null }>

async function associate(client: Client, run: Run, associations: readonly Association[]) {
  const userIds = associations.map(({ userId }) => userId)
  const numbers = associations.map(({ phoneNumber }) => phoneNumber)
  const found = await Promise.all([
    client.query('start transaction isolation level serializable'),
    run('assignableUsers', [accountId, userIds]),
    run('assignableNumbers', [numbers]),
  ])
  if (found[1].rowCount !== userIds.length || found[2].rowCount !== numbers.length)
    throw new Error('A user or a number is missing')
  await Promise.all([...sendInserts(run, associations), client.query('commit')])
}

function sendInserts(run: Run, associations: readonly Association[]) {
  const [first] = associations
  if (!first) return []
  const { now, caller, request } = first
  const ids = () => associations.map(() => newId(now))
  const requests = associations.map((association) => association.request.id)
  const parameters = associations.map(parametersOf)
  const numbers = associations.map(({ phoneNumber }) => phoneNumber)
  const userIds = associations.map(({ userId }) => userId)
  const shared = [now, caller.principalArn]
  return [
    run('assign', [accountId, ids(), numbers, userIds, requests, ...shared]),
    run('record', [ids(), requests, parameters, parameters, ...shared, caller.accessKeyId, request.sourceIp]),
  ]
}
