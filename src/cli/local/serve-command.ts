import type { Command } from 'commander'
import { handleStopSignals } from './stop-signals.ts'
import { withConfig } from './with-config.ts'

export function addServeCommand(cli: Command): void {
  const serve = cli
    .command('serve')
    .description('Runs the server until it is told to stop.')
    .option('--demo', 'fill a new database with demo data, and show how to use it')
  const example = 'belfry serve --database sqlite:./data/belfry.db --port 8080'
  withConfig(serve, example, undefined, async (config) => {
    const signals = handleStopSignals()
    const { serveUntilStopped } = await import('./serve.ts')
    await serveUntilStopped(config, serve.opts<{ demo?: true }>().demo === true, signals)
  })
}
