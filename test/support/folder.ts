import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Creates a temporary folder that is removed when the test finishes, after any later `onTestFinished` hook. */
export function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
