/** The output of a command, as JSON for programs or as text for people. */
import { once } from 'node:events'
import type { Command } from 'commander'

export interface Report {
  /** One JSON document. */
  document: object
  text: string
}

export const addJson = (command: Command): Command =>
  command.option('--json', 'print JSON, with members as the API names them')

/** Prints JSON if the command was given `--json`. */
export function print(command: Command, { document, text }: Report): void {
  const { json } = command.opts<{ json?: true }>()
  process.stdout.write(`${json ? JSON.stringify(document, null, 2) : text}\n`)
}

/** Prints texts as they arrive, with backpressure; stops when the reader closes the pipe. */
export async function printAll(texts: AsyncIterable<string>): Promise<void> {
  const { stdout } = process
  for await (const text of texts) {
    if (!stdout.write(text)) await once(stdout, 'drain').catch(() => {})
    if (stdout.destroyed) return
  }
}
