import { type Kysely, sql } from 'kysely'
import { nullableText, text } from './columns.ts'

const begun = ['assigned_at', 'assigned_by', 'assign_request_id']
const always = ['aws_account_id', 'assignment_id', 'phone_number', 'account_id', 'user_id', ...begun]
const atTheEnd = ['unassigned_at', 'unassigned_by', 'unassign_request_id']
const columns = [...always, ...atTheEnd]
/** The id of an interval that has ended, the empty text of one that is open. */
const ended = sql<string>`(case when unassigned_at is null then '' else assignment_id end)`

/**
 * Each association wrote to a random place in the primary key and in three indexes. Now the primary key grows at its end, and
 * one index of the number and one of the user enforce a single open interval and serve all look-ups.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const index of ['assignments_by_user', 'one_holder_per_number', 'one_number_per_user'])
    await db.schema.dropIndex(index).execute()
  await db.schema.alterTable('assignments').renameTo('assignments_before').execute()
  await createTable(db)
  const list = sql.join(columns.map((column) => sql.ref(column)))
  await sql`insert into assignments (${list}) select ${list} from assignments_before`.execute(db)
  await db.schema.dropTable('assignments_before').execute()
  await createIndexes(db)
}

async function createTable(db: Kysely<unknown>) {
  await db.schema
    .createTable('assignments')
    .$call((t) => text(t, ...always))
    .$call((t) => nullableText(t, ...atTheEnd))
    .addPrimaryKeyConstraint('assignments_by_id', ['aws_account_id', 'assignment_id'])
    .execute()
}

/** These two indexes make a double assignment impossible, whatever the program does. */
async function createIndexes(db: Kysely<unknown>) {
  await db.schema
    .createIndex('one_holder_per_number')
    .unique()
    .on('assignments')
    .columns(['aws_account_id', 'phone_number'])
    .expression(ended)
    .execute()
  await db.schema
    .createIndex('one_number_per_user')
    .unique()
    .on('assignments')
    .columns(['aws_account_id', 'account_id', 'user_id'])
    .expression(ended)
    .execute()
}
