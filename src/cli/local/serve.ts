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
  announce(belfry, withDemo, log)
  signals.drainOnStop(belfry.close)
}

/** Nobody has to read standard output, as long as no secret is shown there. */
function announce(belfry: Belfry, withDemo: boolean, log: Log) {
  process.stdout.write(`belfry ready ${belfry.url}\n${describe(belfry, withDemo)}`, (error) => {
    if (error && belfry.administrator.origin === 'made')
      log.warn(
        "standard output is closed, so the administrator's new key was not shown; belfry key create makes another",
      )
  })
}

function describe(belfry: Belfry, withDemo: boolean): string {
  if (withDemo) return invitation(belfry)
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

const invitation = ({ url, administrator }: Belfry) => `
Paste this into another terminal:

export AWS_ENDPOINT_URL_CHIME=${url} AWS_ACCESS_KEY_ID=${administrator.accessKeyId} AWS_SECRET_ACCESS_KEY=${secretOf(administrator)} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1

aws chime associate-phone-number-with-user \\
  --account-id ${demo.accountId} \\
  --user-id ${demo.userId} \\
  --e164-phone-number "${demo.phoneNumber}"

(The AWS CLI 2 before 2.13 does not read AWS_ENDPOINT_URL_CHIME: add --endpoint-url ${url})
`
