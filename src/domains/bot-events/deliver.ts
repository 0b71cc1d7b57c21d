/** One attempt to deliver an event to a bot. */
import { type Outbound, OutboundError } from '../outbound.ts'
import type { Destination } from './rules.ts'
import { signatureOf } from './rules.ts'

/** A `failed` attempt is retried, a `refused` one is not. */
export type Outcome = 'delivered' | 'failed' | 'refused'

interface Recipient extends Destination {
  security_token: string
}

/** Signs the body again for each attempt, because the signature covers the time. [documented] */
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

/** Only 200 is success, and only a 5xx is retried. [documented] */
function judge(status: number): Outcome {
  if (status === 200) return 'delivered'
  return status >= 500 ? 'failed' : 'refused'
}
