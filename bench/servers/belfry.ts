/** Belfry as in production: the built program, in a process of its own. */
import { join } from 'node:path'
import { awsAccountId, credentials } from '../data.ts'
import { type RunningServer, cores, root, startServer } from '../processes.ts'

interface Options {
  core?: number
  /** File descriptor for the log of every request. Without it only warnings and errors are logged. */
  log?: number
}

/** Starts a server on a database, with its sealing key in `folder`. */
export function startBelfry(
  databaseUrl: string,
  folder: string,
  { core = cores.server, log }: Options = {},
): Promise<RunningServer> {
  const environment = {
    BELFRY_DATABASE: databaseUrl,
    BELFRY_PORT: '0',
    BELFRY_PHONE_NUMBER_QUOTA: '0',
    BELFRY_AWS_ACCOUNT_ID: awsAccountId,
    BELFRY_SEALING_KEY_FILE: `${folder}/sealing.key`,
    BELFRY_ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
    BELFRY_ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    BELFRY_LOG_LEVEL: log === undefined ? 'warn' : 'info',
  }
  return startServer([join(root, 'dist/main.js'), 'serve'], {
    core,
    environment,
    stdio: ['ignore', 'pipe', log ?? 'inherit'],
  })
}
