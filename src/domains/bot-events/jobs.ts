import type { JobContext, OutboundJob, OutboundStep } from '../job.ts'
import type { Outbound } from '../outbound.ts'
import { isOpen } from '../accounts/rules.ts'
import { requireAccountOf } from '../accounts/store.ts'
import { type BotRow, findBot } from '../bots/store.ts'
import { recordJob } from '../journal/store.ts'
import { type Outcome, attempt } from './deliver.ts'
import { isListening, isSpent, leaseUntil, nextAttempt } from './rules.ts'
import {
  countDeliveries,
  deleteDelivery,
  type DeliveryKey,
  type DeliveryRow,
  isLastAttempt,
  listDueDeliveries,
  postponeDelivery,
  takeDelivery,
} from './store.ts'

export const jobs: OutboundJob[] = [
  {
    name: 'DeliverBotEvents',
    countWaiting: countDeliveries,
    async findDueCalls({ db, now }, atMost, notOf) {
      const due = await listDueDeliveries(db, now, atMost, notOf)
      return due.map((key) => ({ awsAccountId: key.aws_account_id, claim: (context) => take(key, context) }))
    },
  },
]

/** Claims the delivery for one attempt. If this process dies during it, the delivery is due again when the lease ends. */
async function take(key: DeliveryKey, context: JobContext): Promise<OutboundStep | void> {
  const { db, now } = context
  const delivery = await takeDelivery(db, key, now, leaseUntil(now))
  if (!delivery) return
  const bot = await findBot(db, delivery, delivery.bot_id)
  if (isSpent(delivery.attempts)) return dropDelivery(delivery, context)
  const account = await requireAccountOf(db, delivery)
  if (bot && isListening(bot) && isOpen(account)) return outboundStep(delivery, bot, now)
  return deleteDelivery(db, delivery)
}

const outboundStep = (delivery: DeliveryRow, bot: BotRow, now: string) => async (outbound: Outbound) => {
  const outcome = await attempt(outbound, bot, delivery.body, now)
  return (context: JobContext) => recordOutcome(delivery, outcome, context)
}

/** Ignores the failure of an attempt whose lease has ended and whose delivery has been claimed again since. */
async function recordOutcome(delivery: DeliveryRow, outcome: Outcome, context: JobContext) {
  if (outcome === 'delivered') return deleteDelivery(context.db, delivery)
  if (!(await isLastAttempt(context.db, delivery))) return
  const again = outcome === 'failed' ? nextAttempt(delivery.attempts, context.now) : undefined
  if (again !== undefined) return postponeDelivery(context.db, delivery, again)
  return dropDelivery(delivery, context)
}

/** Drops the event and records that in the journal. [dropped: documented] */
async function dropDelivery(delivery: DeliveryRow, context: JobContext): Promise<void> {
  const { aws_account_id, account_id, bot_id, event_type, attempts } = delivery
  await deleteDelivery(context.db, delivery)
  await recordJob(context, aws_account_id, 'DropBotEvent', {
    AccountId: account_id,
    BotId: bot_id,
    EventType: event_type,
    Attempts: attempts,
  })
}
