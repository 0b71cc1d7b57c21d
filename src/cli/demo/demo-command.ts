import type { Command } from 'commander'
import { explain } from '../output/exit.ts'
import { withExample } from '../output/flags.ts'

export function addDemoCommand(cli: Command): void {
  const demo = cli
    .command('demo')
    .description('Tells the story of a phone number, with the official SDK, against a server of its own.')
    .action(() => explain(runStory))
  withExample(demo, 'belfry demo')
}

/** Imported at run time, because only this command loads both the server and the SDK. */
async function runStory() {
  const { runDemo } = await import('./demo.ts')
  await runDemo()
}
