import { type ServiceError, badRequest } from '../../contract/errors.ts'
import { retentionDays } from '../../database/schema/chat-tables.ts'
import { dayMs, shift } from '../../primitives/time.ts'
import type { PlaceKey } from '../rows.ts'
import type { MessageKind, RetentionRow } from './retention-store.ts'
import type { MessageRow } from './store.ts'

export type Sender = Pick<MessageRow, 'sender_type' | 'sender_id'>

interface NewMessage {
  place: PlaceKey
  sender: Sender
  content: string
  id: string
  now: string
}

export const newMessage = ({ place, sender, content, id, now }: NewMessage): MessageRow => ({
  ...place,
  message_id: id,
  ...sender,
  content,
  created_at: now,
  redacted_at: null,
  redacted_by: null,
})

/** Hidden messages are kept this long after a change of the settings, so that it can be undone. [documented] */
const graceDays = 30

type Days = Pick<RetentionRow, 'room_days' | 'conversation_days'>

export const daysOf = (kind: MessageKind, days: Days): number | null =>
  kind === 'Room' ? days.room_days : days.conversation_days

/**
 * Messages from before this time are hidden. The empty string sorts before all times. A stored period that is not one hides, and so
 * deletes, nothing.
 */
export function hiddenBefore(kind: MessageKind, days: Days, now: string): string {
  const kept = daysOf(kind, days)
  return kept === null || !retentionDays.safeParse(kept).success ? '' : shift(now, -kept * dayMs)
}

/**
 * When deletion begins. The grace period restarts if a retention period is set or shortened and continues otherwise. Null
 * if no period is set. [documented; the cases inferred]
 */
export function initiateDeletionAt(before: RetentionRow, after: Days, now: string): string | null {
  if (after.room_days === null && after.conversation_days === null) return null
  const shortened =
    isShorter(before.room_days, after.room_days) || isShorter(before.conversation_days, after.conversation_days)
  return shortened || before.initiate_deletion_at === null ? shift(now, graceDays * dayMs) : before.initiate_deletion_at
}

const isShorter = (before: number | null, after: number | null) => after !== null && (before === null || after < before)

export function assertMembers(memberIds: readonly string[]): void {
  if (new Set(memberIds).size < 2) throw badRequest('A conversation is between two users or more')
}

export const notAMember = (): ServiceError => badRequest('The sender is not a member')
