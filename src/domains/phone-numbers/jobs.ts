import type { NumberKey } from '../rows.ts'
import { dayMs, shift } from '../../primitives/time.ts'
import type { Job, JobContext } from '../job.ts'
import { recordJob } from '../journal/store.ts'
import { returnToStock } from '../stock/store.ts'
import { phoneNumberId } from './rules.ts'
import {
  completeCallingName,
  countPendingCallingNames,
  countPurgeable,
  listDueCallingNames,
  listPurgeable,
  purgePhoneNumber,
} from './store.ts'

export const jobs: readonly Job[] = [
  {
    name: 'PurgePhoneNumber',
    countWaiting: countPurgeable,
    async findDue(context, atMost) {
      const due = await listPurgeable(context.db, purgeBefore(context), atMost)
      return due.map((number) => (then) => purge(number, then))
    },
  },
  {
    name: 'CompleteCallingName',
    countWaiting: countPendingCallingNames,
    async findDue({ db, now }, atMost) {
      const due = await listDueCallingNames(db, now, atMost)
      return due.map((number) => (then) => completeName(number, then))
    },
  },
]

const purgeBefore = ({ now, settings }: JobContext) => shift(now, -settings.deletionQueueDays * dayMs)

/** When its time in the deletion queue is over, a number is deleted permanently and can be ordered again. */
async function purge(number: NumberKey, context: JobContext) {
  const { db } = context
  if (!(await purgePhoneNumber(db, number, purgeBefore(context)))) return
  await returnToStock(db, [number.phone_number])
  await recordJob(context, number.aws_account_id, 'PurgePhoneNumber', describe(number))
}

async function completeName(number: NumberKey, context: JobContext) {
  if (!(await completeCallingName(context.db, number, context.now))) return
  await recordJob(context, number.aws_account_id, 'CompleteCallingName', describe(number))
}

const describe = ({ phone_number }: NumberKey) => ({ PhoneNumberId: phoneNumberId(phone_number) })
