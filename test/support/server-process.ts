/** Belfry servers as child processes, which all have the same administrator. */
import { randomBytes } from 'node:crypto'
import { type Tenant, createClient } from './belfry.ts'
import { type Running, runBelfry, startProcess } from './process.ts'

const credentials = { accessKeyId: 'AKIAFAULTTESTKEY', secretAccessKey: 'a-secret-for-the-fault-tests' }
export const sealingKey = randomBytes(32).toString('base64')

/** Starts a server. Orders complete at once and there is no quota, unless the environment says otherwise. */
export const serve = (
  databaseUrl: string,
  environment: Record<string, string> = {},
  ...flags: string[]
): Promise<Running> =>
  startProcess(['serve', ...flags, '--port', '0', '--log-level', 'silent'], {
    environment: {
      BELFRY_DATABASE: databaseUrl,
      BELFRY_SEALING_KEY: sealingKey,
      BELFRY_ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
      BELFRY_ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      BELFRY_ORDER_DELAY_MS: '0',
      BELFRY_PHONE_NUMBER_QUOTA: '0',
      ...environment,
    },
  })

/** Starts several servers at the same time on one database, which may be new. */
export const serveReplicas = (
  count: number,
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<Running[]> => Promise.all(Array.from({ length: count }, () => serve(databaseUrl, environment)))

/** The administrator as a caller of the server at the URL. */
export const administratorOf = (url: string): Tenant => ({
  chime: createClient(url, credentials),
  awsAccountId: '111122223333',
  principal: 'administrator',
  credentials,
  now: () => new Date(),
})

/** The checks that `belfry verify` fails on the database of such a server. */
export async function listFailedChecks(databaseUrl: string): Promise<string[]> {
  const environment = { BELFRY_DATABASE: databaseUrl, BELFRY_SEALING_KEY: sealingKey }
  const { stdout, stderr } = await runBelfry(['verify'], { environment })
  return [...(stdout.match(/^FAILED.*/gm) ?? []), ...(stderr === '' ? [] : [stderr])]
}
