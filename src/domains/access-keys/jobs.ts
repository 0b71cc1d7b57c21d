import { dayMs, shift } from '../../primitives/time.ts'
import type { Job } from '../job.ts'
import { deleteKeys, listExpired } from './store.ts'

/** For so long an expired key is still told from one that never was. */
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
