import { SqliteAdapter, sql } from 'kysely'
import type { Connection } from '../../src/database/schema/tables.ts'

/** Every column and every index that a database has, one sorted line each; the migrator's own tables are left out. */
export async function describeSchema(connection: Connection): Promise<string[]> {
  const isSqlite = connection.getExecutor().adapter instanceof SqliteAdapter
  const { rows } = await (isSqlite ? sqliteSchema : postgresSchema).execute(connection)
  return rows.map(({ line }) => line.replaceAll(/\s+/g, ' ').trim()).toSorted()
}

interface Line {
  line: string
}

/** `pragma table_info` numbers the columns of a primary key; a key of text has an index of its own besides. */
const sqliteSchema = sql<Line>`
  select t.name || '.' || c.name || ' ' || lower(c.type) || case when c."notnull" then ' not null' else '' end
      || coalesce(' default ' || c.dflt_value, '') || case when c.pk then ' key ' || c.pk else '' end as line
    from sqlite_master t join pragma_table_info(t.name) c
    where t.type = 'table' and t.name not like 'sqlite_%' and t.name not like 'kysely_%'
  union all
  select sql from sqlite_master where type = 'index' and sql is not null`

const postgresSchema = sql<Line>`
  select table_name || '.' || column_name || ' ' || data_type || coalesce(' collate ' || collation_name, '')
      || case is_nullable when 'NO' then ' not null' else '' end || coalesce(' default ' || column_default, '') as line
    from information_schema.columns where table_schema = 'public' and table_name not like 'kysely\_%'
  union all
  select indexdef from pg_indexes where schemaname = 'public' and tablename not like 'kysely\_%'`
