/** What a command prints: data for programs, or text for people. */
import { once } from 'node:events'
import type { Command } from 'commander'

export interface Report {
  /** One JSON document. */
  document: object
  text: string
}

export const addJson = (command: Command): Command =>
  command.option('--json', 'print JSON, with members as the API names them')

/** As JSON where `--json` was given to the command. */
export function print(command: Command, { document, text }: Report): void {
  process.stdout.on('error', leaveQuietly)
  const { json } = command.opts<{ json?: true }>()
  process.stdout.write(`${json ? JSON.stringify(document, null, 2) : text}\n`)
}

/** Prints texts as they come, no faster than they are read, and no more once nobody reads. */
export async function printAll(texts: AsyncIterable<string>): Promise<void> {
  const { stdout } = process
  stdout.on('error', leaveQuietly)
  for await (const text of texts) {
    if (!stdout.write(text)) await once(stdout, 'drain').catch(() => {})
    if (stdout.destroyed) return
  }
}

/** Who reads only the first lines, as `head` does, has no more use for the rest. */
function leaveQuietly(error: NodeJS.ErrnoException) {
  if (error.code !== 'EPIPE') throw error
}
