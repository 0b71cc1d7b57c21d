/** What the section on fairness adds to the usual data: a stock and a journal, on SQLite. */
import { sql } from 'kysely'
import { openDatabase } from '../src/database/open.ts'
import type { Db } from '../src/database/transaction.ts'
import { accountId, awsAccountId } from './data.ts'

export async function addStockAndJournal(file: string, count: number): Promise<void> {
  const database = await openDatabase(`sqlite:${file}`)
  for (let from = 0; from < count; from += batchSize) {
    const series = seriesOf(from, Math.min(from + batchSize, count))
    await database.write((db) => addStock(db, series))
    await database.write((db) => addEvents(db, series))
  }
  await database.close()
}

const batchSize = 50_000

const seriesOf = (from: number, to: number) =>
  sql`with recursive series(i) as (select ${sql.lit(from)} union all select i + 1 from series where i + 1 < ${sql.lit(to)})`

type Series = ReturnType<typeof seriesOf>

/** Half of it in one area, the other half in areas of 10,000 numbers; states and cities alternate. */
async function addStock(db: Db, series: Series) {
  const area = sql`case when i % 2 = 0 then 206 else 300 + i / 20000 end`
  await sql`insert into stock (phone_number, country, type, area_code, city_key, state_key, available) ${series}
    select '+1' || (${area}) || (3000000 + i), 'US', 'Local', ${area}, case i % 5000 when 4998 then 'yakima' else 'seattle' end,
      case when i % 2 = 0 then 'wa' else 'or' end, i % 10 <> 0 from series`.execute(db)
}

/** One event each ten milliseconds, from 2024 on; one in 100,000 has a name of its own. */
async function addEvents(db: Db, series: Series) {
  const ms = sql`(1704067200000 + i * 10)`
  const hex = sql`printf('%012x', ${ms})`
  const id = sql`substr(${hex}, 1, 8) || '-' || substr(${hex}, 9) || '-7000-8000-' || printf('%012x', i)`
  const user = sql`'01900000-0000-7000-8000-' || (100000000000 + i)`
  const name = sql`case i % 100000 when 99999 then 'DeleteAccount' else 'AssociatePhoneNumberWithUser' end`
  const resources = sql`json_array(json_object('ResourceType', 'Account', 'ResourceName', ${sql.lit(accountId)}),
    json_object('ResourceType', 'User', 'ResourceName', ${user}),
    json_object('ResourceType', 'PhoneNumber', 'ResourceName', '%2B1206' || (2000000 + i)))`
  const parameters = sql`json_object('AccountId', ${sql.lit(accountId)}, 'E164PhoneNumber', 'HIDDEN_DUE_TO_SECURITY_REASONS', 'UserId', ${user})`
  await sql`insert into journal (aws_account_id, event_id, event_time, event_name, principal_arn, access_key_id, request_id,
      source_ip, user_agent, request_parameters, resources) ${series}
    select ${sql.lit(awsAccountId)}, ${id}, strftime('%Y-%m-%dT%H:%M:%fZ', ${ms} / 1000.0, 'unixepoch'), ${name},
      'arn:aws:iam::111122223333:user/ann', 'AKIABENCHBENCHBENCH0', ${user}, '127.0.0.1', 'aws-sdk-js/3.0.0',
      ${parameters}, ${resources} from series`.execute(db)
}
