/** Opens the database and the key that seals its secrets, for the server and for commands on the database itself. */
import type { Config } from './config.ts'
import { ServiceError } from './contract/errors.ts'
import { type Database, DatabaseError, reasonOf } from './database/database.ts'
import { openDatabase } from './database/open.ts'
import { findAnyAccessKey } from './domains/access-keys/store.ts'
import { type Sealer, createSealer, readKey, readOrMakeKey } from './identity/sealing.ts'

/** Why the server or a command could not start; the message is one sentence for the operator. */
export class StartError extends Error {}

/** The database and what seals its secrets. Throws `StartError` or `SealError`. */
export async function openStore(config: Config, open = openDatabase): Promise<{ database: Database; sealer: Sealer }> {
  const database = await explainDatabase(config.DATABASE, open)
  try {
    return { database, sealer: await explainDatabase(config.DATABASE, () => openSealer(database, config)) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** A new sealing key is made only where nothing is sealed yet; else it has to be the one of then. Throws `SealError`. */
async function openSealer(database: Database, { SEALING_KEY, SEALING_KEY_FILE: file }: Config): Promise<Sealer> {
  const sealed = await database.read(findAnyAccessKey)
  const sealer = createSealer(SEALING_KEY ?? (sealed ? readKey(file) : readOrMakeKey(file)))
  if (sealed) sealer.unseal(sealed.access_key_id, sealed.sealed_secret)
  return sealer
}

/** Opens or uses a database; where that fails, says in one sentence which and why. Throws `StartError`. */
export async function explainDatabase<Opened>(url: string, open: (url: string) => Promise<Opened>): Promise<Opened> {
  try {
    return await open(url)
  } catch (error) {
    const reason = isUnavailable(error) ? `cannot be used: ${reasonOf(error)}` : (error as Error).message
    if (!isUnavailable(error) && !(error instanceof DatabaseError)) throw error
    throw new StartError(`The database ${describe(url)} ${reason}.`, { cause: error })
  }
}

const isUnavailable = (error: unknown) => error instanceof ServiceError && error.name === 'ServiceUnavailableException'

/** Without user and password, wherever in the URL they may stand. */
function describe(url: string): string {
  if (url.startsWith('sqlite:')) return url
  if (!URL.canParse(url)) return 'of BELFRY_DATABASE'
  const { host, pathname } = new URL(url)
  return `postgres://${host}${pathname}`
}
