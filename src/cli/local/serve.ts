import type { Config } from '../../config.ts'
import { openForServer } from '../../database/open.ts'
import { type Belfry, startServer } from '../../server.ts'
import { type Log, openLog } from '../../telemetry/log.ts'
import { demo, prepareDemo } from '../demo/demo-data.ts'
import type { StopSignals } from './stop-signals.ts'

/** Serves until a signal, then drains. */
export async function serveUntilStopped(config: Config, withDemo: boolean, signals: StopSignals): Promise<void> {
  const log = await openLog(config.LOG_LEVEL, config.LOG_FORMAT)
  const prepare = async (...database: Parameters<typeof prepareDemo>) => {
    signals.deferStop()
    if (withDemo) await prepareDemo(...database)
  }
  const belfry = await startServer(config, { log, prepare, open: openForServer })
  if (process.getuid?.() === 0 && !withDemo)
    log.warn('running as root, which nothing here needs; give it a user of its own')
  announce(belfry, describe(belfry, withDemo, regionOf(config)), log)
  signals.drainOnStop(belfry.close)
}

/** A closed standard output matters only if a secret was to be shown there. */
function announce(belfry: Belfry, description: string, log: Log) {
  process.stdout.write(`belfry ready ${belfry.url}\n${description}`, (error) => {
    if (error && belfry.administrator.origin === 'made')
      log.warn(
        "standard output is closed, so the administrator's new key was not shown; belfry key create makes another",
      )
  })
}

/** A region that the server accepts in signatures. */
const regionOf = ({ REGIONS: regions }: Config) => (regions.includes('*') ? undefined : regions[0]) ?? 'us-east-1'

function describe(belfry: Belfry, withDemo: boolean, region: string): string {
  if (withDemo) return invitation(belfry, region)
  return belfry.administrator.origin === 'made' ? newKey(belfry) : ''
}

const newKey = ({ administrator: { accessKeyId, secretAccessKey } }: Belfry) => `
The administrator's key was made just now; the secret is not shown again:
  AWS_ACCESS_KEY_ID=${accessKeyId}
  AWS_SECRET_ACCESS_KEY=${secretAccessKey}
`

/** Does not repeat a configured secret. The generated one of the demo is printed at each start. */
const secretOf = ({ origin, secretAccessKey }: Belfry['administrator']) =>
  origin === 'given' ? '"$BELFRY_ROOT_SECRET_ACCESS_KEY"' : secretAccessKey

const invitation = ({ url, administrator }: Belfry, region: string) => `
Paste this into another terminal:

export AWS_ENDPOINT_URL_CHIME=${url} AWS_ACCESS_KEY_ID=${administrator.accessKeyId} AWS_SECRET_ACCESS_KEY=${secretOf(administrator)} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}

aws chime associate-phone-number-with-user \\
  --account-id ${demo.accountId} \\
  --user-id ${demo.userId} \\
  --e164-phone-number "${demo.phoneNumber}"

(The AWS CLI 2 before 2.13 does not read AWS_ENDPOINT_URL_CHIME: add --endpoint-url ${url})
`
