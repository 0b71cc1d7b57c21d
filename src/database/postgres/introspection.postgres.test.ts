/** Which tables of a PostgreSQL database count: those of the schema in use, without views and what belongs to extensions. */
import { expect, test } from 'vitest'
import { newDatabase, runSql } from '../../../test/support/belfry.ts'
import { openDatabase } from '../open.ts'

/** The statements of a test are not in the log of the server, where only portable ones may be. */
const prepare = (url: string, sql: string) => runSql(withOptions(url, '-c log_statement=none'), sql)
const withOptions = (url: string, options: string) => `${url}?options=${encodeURIComponent(options)}`

async function open(url: string) {
  await (await openDatabase(url)).close()
}

test('a database is empty if it holds only views and the tables of extensions', async () => {
  const url = await newDatabase()
  await prepare(
    url,
    `create extension pg_stat_statements; create view answers as select 42 as answer;
    create table spatial_ref_sys (srid int); alter extension pg_stat_statements add table spatial_ref_sys`,
  )
  await open(url)
  await open(url)
})

test('a database with a table of another program is refused', async () => {
  const url = await newDatabase()
  await prepare(url, 'create extension pg_stat_statements; create table t (x int)')
  await expect(open(url)).rejects.toThrow('holds tables of another program, not a Belfry database')
})

test('tables of another schema are another matter, and a schema that does not exist is refused', async () => {
  const url = await newDatabase()
  await prepare(url, 'create table users (x int); create table kysely_migration (name text, timestamp text)')
  const mine = withOptions(url, '-c search_path=belfry')
  await expect(open(mine)).rejects.toThrow('has none of the schemas that its search_path names; create one first')
  await prepare(url, 'create schema belfry')
  await open(mine)
  await open(mine)
})

test('a schema that comes before the one with the data is not taken for a new database', async () => {
  const url = await newDatabase()
  await open(url)
  await prepare(url, 'create schema postgres')
  await expect(open(url)).rejects.toThrow(
    'has no tables in the schema postgres, but those of an installation in public; let search_path name one of the two only',
  )
  await open(withOptions(url, '-c search_path=public'))
})
