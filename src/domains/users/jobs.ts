import type { UserKey } from '../rows.ts'
import { shift } from '../../primitives/time.ts'
import type { JobContext, OutboundJob, OutboundStep } from '../job.ts'
import { type Mail, type Outbound, OutboundError } from '../outbound.ts'
import { requireAccountOf } from '../accounts/store.ts'
import { countMails, deleteMail, type InvitationMailRow, listDueMails, postponeMail, takeMail } from './mail-store.ts'
import { isPending, nextMailAttempt, writeInvitation } from './rules.ts'
import { findUser, updateUser } from './store.ts'

/** Longer than an attempt can take, so when the lease ends the process that made the attempt has died. */
const leaseMs = 60_000

export const jobs: OutboundJob[] = [
  {
    name: 'SendInvitations',
    countWaiting: countMails,
    async findDueCalls({ db, now, settings }, atMost, notOf) {
      const due = settings.canMail ? await listDueMails(db, now, atMost, notOf) : []
      return due.map((key) => ({ awsAccountId: key.aws_account_id, claim: (context) => take(key, context) }))
    },
  },
]

/** An invitation that was accepted, declined or renewed meanwhile is not sent. */
async function take(key: UserKey, { db, now }: JobContext): Promise<OutboundStep | void> {
  const mail = await takeMail(db, key, now, shift(now, leaseMs))
  if (!mail) return
  const user = await findUser(db, key, key.user_id)
  if (!user?.email || !isPending(user) || user.invite_id !== mail.invite_id) return deleteMail(db, mail)
  const { name } = await requireAccountOf(db, key)
  return outboundStep(mail, writeInvitation(user.email, name, mail.invite_id))
}

type Outcome = 'sent' | 'failed' | 'refused'

const outboundStep = (mail: InvitationMailRow, message: Mail) => async (outbound: Outbound) => {
  const outcome = await send(message, outbound)
  return (context: JobContext) => recordOutcome(mail, outcome, context)
}

async function send(message: Mail, { mail }: Outbound): Promise<Outcome> {
  try {
    await mail?.(message)
    return 'sent'
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    return error.isFinal ? 'refused' : 'failed'
  }
}

async function recordOutcome(mail: InvitationMailRow, outcome: Outcome, { db, now }: JobContext) {
  const again = outcome === 'failed' ? nextMailAttempt(mail.attempts, now) : undefined
  if (again !== undefined) return postponeMail(db, mail, again)
  await deleteMail(db, mail)
  const user = outcome === 'sent' ? undefined : await findUser(db, mail, mail.user_id)
  if (user && isPending(user) && user.invite_id === mail.invite_id)
    await updateUser(db, user, { invitation_status: 'Failed' })
}
