import type { Answer } from '../../contract/operation.ts'
import { newId } from '../../database/ids.ts'
import type { AccountRow, UserRow } from '../../database/rows.ts'
import type { Context } from '../../service/handshake.ts'
import type { Invite } from './contract.ts'
import { isSuspended, newUser } from './rules.ts'
import { findUserByEmail, insertUser, updateUser } from './store.ts'

type UserType = UserRow['user_type']

/**
 * Invites one address to a Team account. Repeats find the pending invite; a suspended user gets a fresh one,
 * which is how a Team suspension is lifted; a user of another account cannot be invited. No mail is sent,
 * and `EmailStatus` says so. [inferred]
 */
export async function inviteUser(
  context: Context,
  account: AccountRow,
  email: string,
  userType?: UserType,
): Promise<Answer<typeof Invite>> {
  const existing = await findUserByEmail(context.db, email)
  if (!existing) return toInvite(email, await inviteNewcomer(context, account, email, userType), 'Pending')
  if (!isMember(existing, account)) return toInvite(email, null, 'Failed')
  if (isSuspended(existing)) return toInvite(email, await inviteAgain(context, existing, userType), 'Pending')
  return toInvite(email, existing.invite_id, existing.registration_status === 'Registered' ? 'Accepted' : 'Pending')
}

const isMember = (user: UserRow, { aws_account_id, account_id }: AccountRow) =>
  user.aws_account_id === aws_account_id && user.account_id === account_id

async function inviteNewcomer(
  { db, now }: Context,
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
  return user.invite_id
}

/** Whoever accepts registers anew. */
async function inviteAgain({ db, now }: Context, user: UserRow, userType?: UserType) {
  const { invite_id } = await updateUser(db, user, {
    registration_status: 'Unregistered',
    invitation_status: 'Pending',
    invite_id: newId(now),
    invited_at: now,
    registered_at: null,
    personal_pin: null,
    ...(userType && { user_type: userType }),
  })
  return invite_id
}

const toInvite = (email: string, inviteId: string | null, status: 'Pending' | 'Accepted' | 'Failed') => ({
  InviteId: inviteId,
  Status: status,
  EmailAddress: email,
  EmailStatus: 'NotSent' as const,
})
