/** All outbound network calls: bot webhooks, Lambda, SMTP. */
import type { Outbound } from '../domains/outbound.ts'
import { createPost } from './https.ts'
import { createInvoke } from './lambda.ts'
import { createMail } from './mail.ts'

export interface OutboundOptions {
  /** Hosts, addresses and ranges that may be called even if they are not public. */
  webhookAllow: readonly string[]
  /** Certificates (PEM) that are trusted in addition to the usual ones. */
  webhookCa: string | undefined
  lambdaEndpoint: string | undefined
  smtpUrl: string | undefined
  mailFrom: string
}

export const createOutbound = (options: OutboundOptions): Outbound => ({
  post: createPost(options.webhookAllow, options.webhookCa),
  ...(options.lambdaEndpoint !== undefined && { invoke: createInvoke(options.lambdaEndpoint) }),
  ...(options.smtpUrl !== undefined && { mail: createMail(options.smtpUrl, options.mailFrom) }),
})
