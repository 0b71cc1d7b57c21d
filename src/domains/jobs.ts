import { jobs as accessKeyJobs } from './access-keys/jobs.ts'
import { jobs as botEventJobs } from './bot-events/jobs.ts'
import { jobs as journalJobs } from './journal/jobs.ts'
import { jobs as messageJobs } from './messages/jobs.ts'
import { jobs as phoneNumberOrderJobs } from './phone-number-orders/jobs.ts'
import { jobs as phoneNumberJobs } from './phone-numbers/jobs.ts'
import { jobs as roomJobs } from './rooms/jobs.ts'
import { jobs as userJobs } from './users/jobs.ts'
import { jobs as webhookJobs } from './webhooks/jobs.ts'
import type { Job } from './job.ts'

/** The jobs of all domains. */
export const jobs: readonly Job[] = [
  ...phoneNumberOrderJobs,
  ...phoneNumberJobs,
  ...messageJobs,
  ...botEventJobs,
  ...userJobs,
  ...webhookJobs,
  ...accessKeyJobs,
  ...roomJobs,
  ...journalJobs,
]
