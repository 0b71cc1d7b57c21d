import type { Answer } from '../../contract/operation.ts'
import { newId } from '../../primitives/ids.ts'
import type { AccountRow, UserRow } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { OperationContext } from '../operation.ts'
import type { Invite } from './contract.ts'
import { putMail } from './mail-store.ts'
import { isPending, isSuspended, newUser } from './rules.ts'
import { findUserByEmail, insertUser, updateUser } from './store.ts'

type UserType = UserRow['user_type']

/**
 * Invites one address to a Team account. A repeated call returns the pending invite. A suspended user gets a new invite,
 * which is how a Team suspension is lifted. A user of another account cannot be invited. If a mail server is configured, a
 * pending invite is mailed (again); `EmailStatus` says whether. [inferred]
 */
export async function inviteUser(
  context: OperationContext,
  account: AccountRow,
  email: string,
  userType?: UserType,
): Promise<Answer<typeof Invite>> {
  const existing = await findUserByEmail(context.db, email)
  if (!existing) return mail(context, await inviteNewcomer(context, account, email, userType))
  if (!isMember(existing, account)) return toInvite(email, null, 'Failed')
  if (isSuspended(existing)) return mail(context, await inviteAgain(context, existing, userType))
  if (!isPending(existing)) return toInvite(email, existing.invite_id, 'Accepted')
  return mail(context, await updateUser(context.db, existing, { invitation_status: 'Pending' }))
}

/** Queues the message in this transaction; after the commit a job is certain to send it. */
async function mail({ db, now, settings }: OperationContext, user: Row<'users'>): Promise<Answer<typeof Invite>> {
  const invite = toInvite(user.email ?? '', user.invite_id, 'Pending')
  if (!settings.canMail || user.invite_id === null) return invite
  const { aws_account_id, account_id, user_id, invite_id } = user
  await putMail(db, { aws_account_id, account_id, user_id, invite_id, attempts: 0, due_at: now })
  return { ...invite, EmailStatus: 'Sent' }
}

const isMember = (user: UserRow, { aws_account_id, account_id }: AccountRow) =>
  user.aws_account_id === aws_account_id && user.account_id === account_id

async function inviteNewcomer(
  { db, now }: OperationContext,
  account: AccountRow,
  email: string,
  userType: UserType = 'PrivateUser',
) {
  const user = newUser(account, now, {
    email,
    user_type: userType,
    registration_status: 'Unregistered',
    invitation_status: 'Pending',
    invite_id: newId(now),
    invited_at: now,
  })
  await insertUser(db, user)
  return user
}

/** The user registers again on accepting. */
function inviteAgain({ db, now }: OperationContext, user: UserRow, userType?: UserType): Promise<UserRow> {
  return updateUser(db, user, {
    registration_status: 'Unregistered',
    invitation_status: 'Pending',
    invite_id: newId(now),
    invited_at: now,
    registered_at: null,
    personal_pin: null,
    ...(userType && { user_type: userType }),
  })
}

const toInvite = (email: string, inviteId: string | null, status: 'Pending' | 'Accepted' | 'Failed') => ({
  InviteId: inviteId,
  Status: status,
  EmailAddress: email,
  EmailStatus: 'NotSent' as const,
})
