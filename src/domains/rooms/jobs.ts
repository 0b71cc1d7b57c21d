import type { Job } from '../job.ts'
import { tokensCountAfter } from './rules.ts'
import { deleteTokens, listTokensBefore } from './store.ts'

export const jobs: readonly Job[] = [
  {
    name: 'ForgetRoomTokens',
    async findDue({ db, now }, atMost) {
      const before = tokensCountAfter(now)
      const spent = await listTokensBefore(db, before, atMost)
      return spent.length === 0 ? [] : [(context) => deleteTokens(context.db, spent, before)]
    },
  },
]
