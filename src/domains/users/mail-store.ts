/** Unsent invitations, at most one per user: SQL, and only SQL. */
import { count } from '../../database/count.ts'
import type { UserKey } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'

export type InvitationMailRow = Row<'invitation_mails'>

/** Replaces an invitation of the user that is still waiting. */
export async function putMail(db: Db, mail: InvitationMailRow): Promise<void> {
  await db
    .insertInto('invitation_mails')
    .values(mail)
    .onConflict((conflict) => conflict.columns(['aws_account_id', 'account_id', 'user_id']).doUpdateSet(mail))
    .execute()
}

/** Invitations due by `now`, of any AWS account but those in `notOf`. */
export function listDueMails(db: Db, now: string, atMost: number, notOf: readonly string[]): Promise<UserKey[]> {
  return db
    .selectFrom('invitation_mails')
    .select(['aws_account_id', 'account_id', 'user_id'])
    .where('due_at', '<=', now)
    .$if(notOf.length > 0, (query) => query.where('aws_account_id', 'not in', notOf))
    .orderBy('due_at')
    .limit(atMost)
    .execute()
}

export const countMails = (db: Db): Promise<number> => count(db.selectFrom('invitation_mails'))

/** Claims a mail due by `now` for one attempt; undefined if another process has claimed it first. */
export function takeMail(db: Db, user: UserKey, now: string, until: string): Promise<InvitationMailRow | undefined> {
  return db
    .updateTable('invitation_mails')
    .set((eb) => ({ due_at: until, attempts: eb('attempts', '+', 1) }))
    .where('aws_account_id', '=', user.aws_account_id)
    .where('account_id', '=', user.account_id)
    .where('user_id', '=', user.user_id)
    .where('due_at', '<=', now)
    .returningAll()
    .executeTakeFirst()
}

/** Matches only the mail of this invitation, because a renewed invitation has its own. */
const matching = (db: Db, mail: InvitationMailRow) =>
  db
    .updateTable('invitation_mails')
    .where('aws_account_id', '=', mail.aws_account_id)
    .where('account_id', '=', mail.account_id)
    .where('user_id', '=', mail.user_id)
    .where('invite_id', '=', mail.invite_id)

export async function postponeMail(db: Db, mail: InvitationMailRow, until: string): Promise<void> {
  await matching(db, mail).set({ due_at: until }).execute()
}

export async function deleteMail(db: Db, mail: InvitationMailRow): Promise<void> {
  await db
    .deleteFrom('invitation_mails')
    .where('aws_account_id', '=', mail.aws_account_id)
    .where('account_id', '=', mail.account_id)
    .where('user_id', '=', mail.user_id)
    .where('invite_id', '=', mail.invite_id)
    .execute()
}
