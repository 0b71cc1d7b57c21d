/** Checks the database, its folder, its schema and the sealing key. */
import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config } from '../../config.ts'
import type { Database } from '../../database/database.ts'
import { fileOf, openUnmigrated } from '../../database/open.ts'
import { findAdministratorKey, listAccessKeys } from '../../domains/access-keys/store.ts'
import { findNewestEventTime } from '../../domains/journal/store.ts'
import { createSealer, readKey } from '../../identity/sealing.ts'
import { explainDatabase } from '../../open-store.ts'
import { type Check, check } from './check.ts'

/** Neither creates nor migrates the database. */
export async function* checkStore(config: Config): AsyncGenerator<Check> {
  yield await check('folder', () => lookAtFolder(dirname(fileOf(config.DATABASE) ?? config.SEALING_KEY_FILE)))
  let database: Database | undefined
  let pending: string[] = []
  yield await check('database', async () => {
    ;({ database, migrations: pending } = await openUnchanged(config.DATABASE))
    return 'It opens.'
  })
  if (!database) return
  yield await check('schema', () => lookAtSchema(pending))
  if (pending.length === 0) yield* checkContent(database, config)
  await database.close()
}

async function* checkContent(database: Database, config: Config): AsyncGenerator<Check> {
  yield await check('sealing key', () => lookAtSeal(database, config))
  yield await check('administrator', () => lookAtAdministrator(database, config))
  yield await check('clock', () => lookAtClock(database))
}

function lookAtFolder(folder: string): string {
  if (!existsSync(folder)) return `${folder} will be made at the first start.`
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new Error(`${folder} cannot be written; give it to the user who runs the server.`)
  }
  return `${folder} can be written.`
}

async function openUnchanged(url: string) {
  if (fileOf(url) !== undefined && !existsSync(fileOf(url) ?? ''))
    throw new Error(`The database ${url} does not exist; belfry migrate, or the first start, makes it.`)
  return explainDatabase(url, openUnmigrated)
}

export function lookAtSchema(pending: string[]): string {
  if (pending.length > 0) throw new Error(`Lacks ${pending.join(', ')}; run belfry migrate.`)
  return 'It is up to date.'
}

export async function lookAtSeal(database: Database, { SEALING_KEY, SEALING_KEY_FILE }: Config): Promise<string> {
  const keys = await database.read(listAccessKeys)
  if (keys.length === 0 && SEALING_KEY === undefined && !existsSync(SEALING_KEY_FILE))
    return 'One will be made at the first start.'
  const sealer = createSealer(SEALING_KEY ?? readKey(SEALING_KEY_FILE))
  for (const { access_key_id, sealed_secret } of keys) sealer.unseal(access_key_id, sealed_secret)
  return `It opens the secrets of all access keys (${keys.length}).`
}

async function lookAtAdministrator(database: Database, { AWS_ACCOUNT_ID }: Config): Promise<string> {
  const key = await database.read((db) => findAdministratorKey(db, AWS_ACCOUNT_ID))
  if (!key) throw new Error(`No active key in AWS account ${AWS_ACCOUNT_ID}; the start of the server makes one.`)
  return `${key.access_key_id} is active.`
}

/** The time of writing; an earlier time means that the clock is wrong. */
const earliest = '2026-01-01T00:00:00.000Z'

async function lookAtClock(database: Database): Promise<string> {
  const now = new Date().toISOString()
  const last = (await database.read(findNewestEventTime)) ?? earliest
  if (now < last || now < earliest) throw new Error(`It shows ${now}, but it has been ${last} already; set it right.`)
  return `It shows ${now}.`
}
