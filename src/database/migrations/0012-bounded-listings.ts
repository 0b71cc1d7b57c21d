import { type Kysely, sql } from 'kysely'

interface Index {
  name: string
  table: string
  columns: string[]
  where: string
}

const live = 'deleted_at is null'

const indexes: readonly Index[] = [
  {
    name: 'live_users_by_age',
    table: 'users',
    columns: ['aws_account_id', 'account_id', 'created_at', 'user_id'],
    where: live,
  },
  { name: 'live_users_by_id', table: 'users', columns: ['aws_account_id', 'user_id'], where: live },
  {
    name: 'live_accounts_by_age',
    table: 'accounts',
    columns: ['aws_account_id', 'created_at', 'account_id'],
    where: live,
  },
  {
    name: 'phone_numbers_by_rare_status',
    table: 'phone_numbers',
    columns: ['aws_account_id', 'status', 'created_at', 'phone_number'],
    where: "status <> 'Unassigned'",
  },
  {
    name: 'available_by_type',
    table: 'stock',
    columns: ['country', 'type', 'phone_number'],
    where: 'available = 1',
  },
  {
    name: 'available_by_city',
    table: 'stock',
    columns: ['country', 'state_key', 'city_key', 'phone_number'],
    where: 'available = 1 and city_key is not null',
  },
]

/** Only indexes: no row is changed. Rows that a listing leaves out are no longer in the index it goes through. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const { name, table, columns, where } of indexes)
    await sql`create index if not exists ${sql.ref(name)} on ${sql.table(table)}
      (${sql.join(columns.map((column) => sql.ref(column)))}) where ${sql.raw(where)}`.execute(db)
  for (const name of ['users_by_age', 'accounts_by_age']) await db.schema.dropIndex(name).ifExists().execute()
}
