/** `BELFRY_DATABASE` names a schema of a database that belongs to another program as well. */
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { newDatabase, runSql } from '../support/belfry.ts'
import { folderOfTest } from '../support/folder.ts'
import { runBelfry } from '../support/process.ts'
import { administratorOf, listFailedChecks, sealingKey, serve } from '../support/server-process.ts'

test('everything works in a schema beside the tables of another program, which stay as they are', async () => {
  const database = await newDatabase()
  const theirs = 'create table users (x int); create table kysely_migration (name text, timestamp text)'
  await runSql(database, `create schema belfry; create schema other; ${theirs}`)
  const url = inSchema(database, 'belfry')
  const environment = { BELFRY_DATABASE: url, BELFRY_SEALING_KEY: sealingKey }
  const migrated = await runBelfry(['migrate'], { environment })
  expect([migrated.code, migrated.stderr]).toEqual([0, ''])
  const server = await serve(url, {}, '--demo')
  const { chime } = administratorOf(server.url)
  await chime.createAccount({ Name: 'In a schema' })
  expect((await chime.listAccounts()).Accounts).toHaveLength(2)
  expect(await listFailedChecks(url)).toEqual([])
  const backup = join(folderOfTest(), 'belfry.backup')
  expect(await runBelfry(['backup', backup], { environment })).toMatchObject({ code: 0, stderr: '' })
  const place = inSchema(database, 'other')
  expect(await runBelfry(['restore', backup, '--database', place])).toMatchObject({ code: 0, stderr: '' })
  expect(await listFailedChecks(place)).toEqual([])
  expect(await server.end('SIGTERM')).toBe(0)
  expect(await tablesOf(database, 'public')).toEqual(['kysely_migration', 'users'])
  expect((await tablesOf(database, 'other')).length).toBeGreaterThan(20)
})

test('the schema is that of every host of the URL', async () => {
  const database = await newDatabase()
  await runSql(database, 'create schema belfry')
  const url = inSchema(database.replace(/@/, '@127.0.0.1:1,'), 'belfry')
  await (await serve(url)).end('SIGTERM')
  expect([await tablesOf(database, 'public'), (await tablesOf(database, 'belfry')).length > 20]).toEqual([[], true])
})

const inSchema = (url: string, schema: string) => `${url}?options=-c%20search_path%3D${schema}`

async function tablesOf(connectionString: string, schema: string): Promise<string[]> {
  const client = new Client({ connectionString })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    'select table_name as name from information_schema.tables where table_schema = $1 order by 1',
    [schema],
  )
  await client.end()
  return rows.map(({ name }) => name)
}
