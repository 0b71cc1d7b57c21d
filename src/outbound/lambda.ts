/** Invokes Lambda functions with AWS's own client, at the endpoint of the settings. */
import type { LambdaClient } from '@aws-sdk/client-lambda'
import { type LambdaCall, type Outbound, OutboundError } from '../domains/outbound.ts'

const withinMs = 2_000
/** Callers choose the region, so their number must be bounded. */
const keptAtMost = 50

/** The client is loaded when the first function is called. */
export function createInvoke(endpoint: string): NonNullable<Outbound['invoke']> {
  const clients = new Map<string, LambdaClient>()
  return async (call) => {
    const { LambdaClient, InvokeCommand } = await import('@aws-sdk/client-lambda')
    const region = regionOf(call.functionArn)
    const known = clients.get(region)
    const client = known ?? new LambdaClient({ endpoint, region, maxAttempts: 1, ...credentials() })
    if (!known && clients.size >= keptAtMost) clients.clear()
    clients.set(region, client)
    await client.send(new InvokeCommand(describe(call)), { abortSignal: AbortSignal.timeout(withinMs) }).catch(explain)
  }
}

/** The process's own. An endpoint other than AWS may need none, but the client requires some. */
const credentials = () =>
  process.env['AWS_ACCESS_KEY_ID'] === undefined
    ? { credentials: { accessKeyId: 'belfry', secretAccessKey: 'belfry' } }
    : {}

const regionOf = (functionArn: string) => functionArn.split(':')[3] ?? 'us-east-1'

/** Only a synchronous invocation passes the client context on. */
const describe = ({ functionArn, payload, context, dryRun = false }: LambdaCall) => ({
  FunctionName: functionArn,
  InvocationType: dryRun ? ('DryRun' as const) : ('RequestResponse' as const),
  ClientContext: Buffer.from(JSON.stringify(context)).toString('base64'),
  Payload: Buffer.from(payload),
})

function explain(error: unknown): never {
  throw new OutboundError(`could not be invoked (${(error as Error).name})`, { cause: error })
}
