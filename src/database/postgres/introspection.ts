import { type DatabaseMetadataOptions, type Kysely, PostgresIntrospector, type TableMetadata, sql } from 'kysely'
import { DEFAULT_MIGRATION_LOCK_TABLE, DEFAULT_MIGRATION_TABLE } from 'kysely/migration'
import { DatabaseError } from '../database.ts'

/**
 * Finds the tables of the schema in which new ones are created, where Kysely finds those of all schemas. Views are not tables,
 * and a table that belongs to an extension is no sign of another program. The columns are not looked at.
 */
export class SchemaIntrospector extends PostgresIntrospector {
  readonly #db: Kysely<unknown>

  constructor(db: Kysely<unknown>) {
    super(db)
    this.#db = db
  }

  /** Throws `DatabaseError` if the search path names no schema that exists, or leads to tables of Belfry in another one. */
  override async getTables(options?: DatabaseMetadataOptions): Promise<TableMetadata[]> {
    const current = await requireCurrentSchema(this.#db)
    const visible = (await visibleTables.execute(this.#db)).rows
    const own = visible.filter(({ schema }) => schema === current)
    if (own.length === 0) assertNoneElsewhere(visible, current)
    const asked = options?.withInternalKyselyTables === true ? own : own.filter(({ name }) => !internal.has(name))
    return asked.map(({ schema, name }) => ({ schema, name, isView: false, isForeign: false, columns: [] }))
  }
}

const internal: ReadonlySet<string> = new Set([DEFAULT_MIGRATION_TABLE, DEFAULT_MIGRATION_LOCK_TABLE])

async function requireCurrentSchema(db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(db)
  const schema = rows[0]?.schema ?? null
  if (schema === null) throw new DatabaseError('has none of the schemas that its search_path names; create one first')
  return schema
}

interface VisibleTable {
  schema: string
  name: string
}

/** In one statement, because another replica may be creating the tables. */
const visibleTables = sql<VisibleTable>`
  select n.nspname as schema, c.relname as name
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any (current_schemas(false)) and c.relkind in ('r', 'p', 'f')
    and not exists (select 1 from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`

/** A schema that comes first in the search path hides the data of the next one: it would be taken for a new database. */
function assertNoneElsewhere(visible: readonly VisibleTable[], current: string) {
  const other = visible.find(({ name }) => name === DEFAULT_MIGRATION_TABLE)
  if (other !== undefined)
    throw new DatabaseError(
      `has no tables in the schema ${current}, but those of an installation in ${other.schema}; let search_path name one of the two only`,
    )
}
