/** Released migrations stay as they are: every earlier schema is known, and leads to the schema of a new database. */
import { expect, test } from 'vitest'
import { isSqlite, newDatabase } from '../../../test/support/belfry.ts'
import { describeSchema } from '../../../test/support/schema.ts'
import type { Engine } from '../database.ts'
import { fileOf, openMigrated } from '../open.ts'
import { openPostgres } from '../postgres/engine.ts'
import { openSqlite } from '../sqlite/engine.ts'
import { migrateTo, migrations } from './migrate.ts'

const names = Object.keys(migrations)
const fresh = upgradedSchema(await newDatabase())

test('each released migration changes the schema as it is on record', async () => {
  const url = await newDatabase()
  const { connection, database } = open(url)
  const changes: string[] = []
  let before: string[] = []
  for (const name of names) {
    await migrateTo(connection, name)
    const after = await describeSchema(connection)
    changes.push(`${name}:`, ...linesOf('-', before, after), ...linesOf('+', after, before), '')
    before = after
  }
  await database.close()
  await expect(changes.join('\n')).toMatchFileSnapshot(`schema-changes.${isSqlite(url) ? 'sqlite' : 'postgres'}.txt`)
})

test.each(names)('a database at %s is brought up to the schema of a new database', async (name) => {
  const url = await newDatabase()
  const { connection, database } = open(url)
  await migrateTo(connection, name)
  await database.close()
  expect(await upgradedSchema(url)).toEqual(await fresh)
})

function open(url: string): Engine {
  const file = fileOf(url)
  return file === undefined ? openPostgres(url) : openSqlite(file)
}

/** The lines that only the first list has. */
const linesOf = (sign: string, lines: readonly string[], others: readonly string[]) =>
  lines.filter((line) => !others.includes(line)).map((line) => `${sign} ${line}`)

async function upgradedSchema(url: string): Promise<string[]> {
  const { connection, database } = await openMigrated(url)
  const schema = await describeSchema(connection)
  await database.close()
  return schema
}
