/** One attempt to hand a bot an event. */
import { type Outbound, OutboundError } from '../outbound.ts'
import type { Destination } from './rules.ts'
import { signatureOf } from './rules.ts'

/** `failed` is worth another attempt; what was `refused` is not. */
export type Outcome = 'delivered' | 'failed' | 'refused'

interface Recipient extends Destination {
  security_token: string
}

/** Signs the body as it is sent: the time changes with each attempt. [documented] */
export async function attempt(
  outbound: Outbound,
  { https_endpoint, lambda_arn, security_token }: Recipient,
  body: string,
  now: string,
): Promise<Outcome> {
  const signed = {
    'Chime-Signature': signatureOf(security_token, now, body),
    'Chime-Request-Timestamp': now,
  }
  try {
    if (https_endpoint !== null) return judge((await outbound.post(https_endpoint, signed, body)).status)
    await outbound.invoke?.({ functionArn: lambda_arn ?? '', payload: body, context: signed })
    return outbound.invoke ? 'delivered' : 'refused'
  } catch (error) {
    if (error instanceof OutboundError) return error.isFinal ? 'refused' : 'failed'
    throw error
  }
}

/** Only 200 is success, and only a fault of the server is worth another attempt. [documented] */
function judge(status: number): Outcome {
  if (status === 200) return 'delivered'
  return status >= 500 ? 'failed' : 'refused'
}
