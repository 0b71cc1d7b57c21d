import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** With its parents. Not `recursive: true`, which never ends where the system refuses a folder as missing, as in `/proc`. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
}
