import type { Config } from '../../config.ts'
import { openForServer } from '../../database/open.ts'
import { type Belfry, startServer } from '../../server.ts'
import { openLog } from '../../telemetry/log.ts'
import { demo, prepareDemo } from '../demo/demo-data.ts'

/** Serves until SIGTERM or SIGINT, then drains. */
export async function serveUntilStopped(config: Config, withDemo: boolean): Promise<void> {
  const log = await openLog(config.LOG_LEVEL, config.LOG_FORMAT)
  const options = { log, open: openForServer }
  const belfry = await startServer(config, withDemo ? { ...options, prepare: prepareDemo } : options)
  if (process.getuid?.() === 0 && !withDemo)
    log.warn('running as root, which nothing here needs; give it a user of its own')
  const stop = stopper(belfry)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop)
  process.stdout.write(`belfry ready ${belfry.url}\n${announce(belfry, withDemo)}`)
}

/** The terminal and npm may both deliver one Ctrl-C, so only a signal at least a second later forces the exit. */
function stopper(belfry: Belfry) {
  let since: number | undefined
  return () => {
    const now = performance.now()
    if (since === undefined) void belfry.close().then(() => process.exit(0))
    else if (now - since > 1000) process.exit(1)
    since ??= now
  }
}

function announce(belfry: Belfry, withDemo: boolean): string {
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
