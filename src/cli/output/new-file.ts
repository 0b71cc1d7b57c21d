import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { CommandError, exitCodes } from './exit.ts'

/**
 * Writes a new file, readable by its owner alone. It gets its name when it is complete and on disk. Returns the number of
 * texts. Throws `CommandError`.
 */
export async function writeNewFile(file: string, texts: AsyncIterable<string>): Promise<number> {
  assertNew(file)
  const draft = `${file}.${process.pid}.new`
  try {
    const count = await writeAll(draft, texts)
    assertNew(file)
    await rename(draft, file)
    return count
  } catch (error) {
    throw explain(file, error as NodeJS.ErrnoException)
  } finally {
    await rm(draft, { force: true }).catch(() => {})
  }
}

async function writeAll(file: string, texts: AsyncIterable<string>): Promise<number> {
  const handle = await open(file, 'wx', 0o600)
  let count = 0
  try {
    for await (const text of texts) {
      await handle.appendFile(text)
      count++
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return count
}

function assertNew(file: string) {
  if (existsSync(file)) throw new CommandError(exitCodes.fault, `The file ${file} exists already; name a new one.`)
}

/** Errors of the server stay as they are; those of files have no address. */
function explain(file: string, error: NodeJS.ErrnoException) {
  const isOfFile = error.syscall !== undefined && ['open', 'write', 'fsync', 'rename'].includes(error.syscall)
  if (!isOfFile) return error
  return new CommandError(exitCodes.fault, `The file ${file} cannot be written (${error.code}).`, { cause: error })
}
