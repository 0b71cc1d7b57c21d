/** Servers as processes of their own, all for one administrator, and a witness of what they answer. */
import { randomBytes } from 'node:crypto'
import { type Tenant, createClient } from './belfry.ts'
import { type Running, runBelfry, startProcess } from './process.ts'

const credentials = { accessKeyId: 'AKIAFAULTTESTKEY', secretAccessKey: 'a-secret-for-the-fault-tests' }
export const sealingKey = randomBytes(32).toString('base64')

/** Orders are completed at once, and there is no quota, unless the environment says so. */
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

/** The administrator, as a caller of the server at the URL. */
export const administratorOf = (url: string): Tenant => ({
  chime: createClient(url, credentials),
  awsAccountId: '111122223333',
  principal: 'administrator',
  credentials,
  now: () => new Date(),
})

/** What `belfry verify` finds wrong in the database of such a server. */
export async function findUnsound(databaseUrl: string): Promise<string[]> {
  const environment = { BELFRY_DATABASE: databaseUrl, BELFRY_SEALING_KEY: sealingKey }
  const { stdout, stderr } = await runBelfry(['verify'], { environment })
  return [...(stdout.match(/^FAILED.*/gm) ?? []), ...(stderr === '' ? [] : [stderr])]
}
