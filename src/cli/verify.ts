/** Looks through all that is stored for what cannot be, and changes nothing. */
import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { findDamage } from '../database/integrity.ts'
import { type Breach, findBreach } from '../database/invariant.ts'
import { type Opened, fileOf, openAsIs } from '../database/open.ts'
import { invariants } from '../domains/invariants.ts'
import { explainDatabase } from '../server.ts'
import { type Check, check } from './check.ts'
import { lookAtSchema, lookAtSeal } from './check-store.ts'

/** Throws `StartError` where the database does not even open. */
export async function verifyStore(config: Config): Promise<Check[]> {
  const opened = await explainDatabase(config.DATABASE, (url) => openAsIs(url, true))
  try {
    return await Array.fromAsync(verifyAll(config, opened))
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
  yield* checkInvariants(database)
}

async function lookAtPages(database: Database) {
  const damage = await findDamage(database)
  if (damage.length > 0) throw new Error(damage.join('; '))
  return 'No page and no index is damaged.'
}

/** Each on one snapshot, and all of them on the same. */
export async function* checkInvariants(database: Database): AsyncGenerator<Check> {
  const checks = await database.read((db) =>
    Array.fromAsync(invariants, (invariant) =>
      check(invariant.name, async () => {
        const breach = await findBreach(db, invariant)
        if (breach.ids.length > 0) throw new Error(tell(breach))
        return 'Nothing breaks it.'
      }),
    ),
  )
  yield* checks
}

const tell = ({ ids, more }: Breach) => `Broken by ${ids.join(', ')}${more ? ', and more' : ''}`
