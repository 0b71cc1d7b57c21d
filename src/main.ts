#!/usr/bin/env node
/** The process: command line in, exit code out. */
import { enableCompileCache } from 'node:module'

// A third of the time to start is compiling; what is imported from here on is compiled once.
enableCompileCache()
const { createCli } = await import('./cli/cli.ts')
await createCli().parseAsync()
