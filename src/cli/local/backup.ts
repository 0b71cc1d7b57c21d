import type { Config } from '../../config.ts'
import { BackupError, backUp } from '../../database/maintenance/backup.ts'
import type { Database } from '../../database/database.ts'
import { restore } from '../../database/maintenance/restore.ts'
import { explainDatabase } from '../../open-store.ts'
import { CommandError, exitCodes } from '../output/exit.ts'
import { checkInvariants } from './verify.ts'

/** Throws `StartError` or `CommandError`. */
export async function makeBackup({ DATABASE }: Config, file: string): Promise<void> {
  await explainBackup(file, () => explainDatabase(DATABASE, (url) => backUp(url, file)))
  process.stdout.write(`Wrote ${file}.\n${aboutSealingKey}`)
}

/** All or nothing. Throws `StartError` or `CommandError`. */
export async function restoreBackup({ DATABASE }: Config, file: string): Promise<void> {
  await explainBackup(file, () => explainDatabase(DATABASE, (url) => restore(file, url, assertSound)))
  process.stdout.write(`Restored ${file}.\n${aboutSealingKey}`)
}

const aboutSealingKey = `The sealing key is not in it: without the one of then (BELFRY_SEALING_KEY, or the file of BELFRY_SEALING_KEY_FILE) no
access key can be used, and the server does not start.
`

async function assertSound(database: Database) {
  for (const { Ok, Finding, Name } of await checkInvariants(database))
    if (!Ok) throw new BackupError(`is not sound: "${Name}" does not hold (${Finding})`)
}

async function explainBackup(file: string, act: () => Promise<void>) {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof BackupError)) throw error
    throw new CommandError(exitCodes.fault, `The backup ${file} ${error.message}.`, { cause: error })
  }
}
