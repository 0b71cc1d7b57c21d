/** Checks all stored data against the invariants, without changing it. */
import type { Config } from '../../config.ts'
import { type Database, reasonOf } from '../../database/database.ts'
import { findDamage } from '../../database/sqlite/integrity-check.ts'
import { type Breach, findBreach } from '../../database/invariant.ts'
import { findInvalidValues } from '../../database/maintenance/invalid-values.ts'
import { type Opened, fileOf, openUnmigrated } from '../../database/open.ts'
import { invariants } from '../../domains/invariants.ts'
import { explainDatabase } from '../../open-store.ts'
import { type Check, check } from './check.ts'
import { lookAtSchema, lookAtSeal } from './check-store.ts'

/** Throws `StartError` if the database cannot be read at all. */
export async function verifyStore(config: Config): Promise<Check[]> {
  const opened = await explainDatabase(config.DATABASE, (url) => openUnmigrated(url, true))
  try {
    return await explainDatabase(config.DATABASE, () => Array.fromAsync(verifyAll(config, opened)))
  } finally {
    await opened.database.close()
  }
}

async function* verifyAll(config: Config, { database, migrations }: Opened): AsyncGenerator<Check> {
  const schema = await check('the schema is up to date', () => lookAtSchema(migrations))
  yield schema
  if (fileOf(config.DATABASE) !== undefined) yield await check('the file is whole', () => lookAtPages(database))
  if (!schema.Ok) return
  yield await check('the sealing key fits', () => lookAtSeal(database, config))
  yield* await checkInvariants(database)
}

async function lookAtPages(database: Database) {
  const damage = await findDamage(database)
  if (damage.length > 0) throw new Error(damage.join('; '))
  return 'No page and no index is damaged.'
}

/** Checks all invariants and all values on one snapshot. */
export async function checkInvariants(database: Database): Promise<Check[]> {
  const checks: Check[] = []
  try {
    await database.read(async (db) => {
      for (const invariant of invariants)
        checks.push(await check(invariant.name, async () => explain(await findBreach(db, invariant))))
      checks.push(
        await check('every value is one that its column may hold', async () => explain(await findInvalidValues(db))),
      )
    })
  } catch (error) {
    // At the end of the transaction, SQLite reports an unreadable page once more.
    checks.push({ Name: 'everything can be read', Ok: false, Finding: reasonOf(error) })
  }
  return checks
}

function explain({ ids, more }: Breach) {
  if (ids.length > 0) throw new Error(`Broken by ${ids.join(', ')}${more ? ', and more' : ''}`)
  return 'Nothing breaks it.'
}
