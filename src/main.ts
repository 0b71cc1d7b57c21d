#!/usr/bin/env node
/** The process: command line in, exit code out. */

const newEnough = 24

// Without a listener Node.js opens its debugger, in which anybody on this machine could run code. Log rotators send this signal.
process.on('SIGUSR1', () => {})

// What is imported needs the newer Node.js as well, so it is imported only after this.
if (Number.parseInt(process.versions.node, 10) < newEnough) {
  process.stderr.write(`belfry: Node.js ${newEnough} or newer is needed; this is ${process.version}.\n`)
  process.exit(1)
}
const { createCli } = await import('./cli/cli.ts')
await createCli().parseAsync()
