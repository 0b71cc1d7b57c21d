import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that goes with the test, after all that is asked for later has been cleaned up. */
export function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
