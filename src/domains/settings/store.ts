import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'
import type { Caller } from '../operation.ts'

type SettingsRow = Row<'aws_account_settings'>

/** Returns the settings of the caller's AWS account, with nulls if none have been stored. */
export async function readSettings(db: Db, { awsAccountId }: Caller): Promise<SettingsRow> {
  const stored = await db
    .selectFrom('aws_account_settings')
    .selectAll()
    .where('aws_account_id', '=', awsAccountId)
    .executeTakeFirst()
  return stored ?? unset(awsAccountId)
}

const unset = (aws_account_id: string): SettingsRow => ({
  aws_account_id,
  business_calling_cdr_bucket: null,
  voice_connector_cdr_bucket: null,
  calling_name: null,
  calling_name_updated_at: null,
})

export async function writeSettings(db: Db, settings: SettingsRow): Promise<void> {
  await db
    .insertInto('aws_account_settings')
    .values(settings)
    .onConflict((conflict) => conflict.column('aws_account_id').doUpdateSet(settings))
    .execute()
}
