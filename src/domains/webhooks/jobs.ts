import { dayMs, shift } from '../../primitives/time.ts'
import type { Job } from '../job.ts'
import { forgetUrls, listForgettableUrls } from './store.ts'

/** A revoked URL is kept this long, so that its use is answered as revoked and not as unknown. */
const keptForMs = 90 * dayMs

export const jobs: Job[] = [
  {
    name: 'ForgetWebhookUrls',
    async findDue({ db, now }, atMost) {
      const dead = await listForgettableUrls(db, shift(now, -keptForMs), atMost)
      return dead.length === 0 ? [] : [({ db: transaction }) => forgetUrls(transaction, dead)]
    },
  },
]
