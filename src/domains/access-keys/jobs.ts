import { dayMs, shift } from '../../primitives/time.ts'
import type { Job } from '../job.ts'
import { deleteKeys, listExpired } from './store.ts'

/** An expired key is kept this long, so that its use is answered as expired and not as unknown. */
const rememberedForMs = dayMs

export const jobs: Job[] = [
  {
    name: 'ForgetExpiredAccessKeys',
    async findDue({ db, now }, atMost) {
      const ids = await listExpired(db, shift(now, -rememberedForMs), atMost)
      return ids.length > 0 ? [(context) => deleteKeys(context.db, ids)] : []
    },
  },
]
