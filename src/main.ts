#!/usr/bin/env node
/** The process: command line in, exit code out. */
import { createCli } from './cli/cli.ts'

await createCli().parseAsync()
