/** Rows as the domains hand them around, and the keys that name them. */
import type { Row } from '../database/schema/tables.ts'

export type AccountRow = Row<'accounts'>
/** A user, with the number they hold now. */
export type UserRow = Row<'users'> & { phone_number: string | null }
/** A number, with its present holder if it has one. */
export type PhoneNumberRow = Row<'phone_numbers'> & {
  account_id: string | null
  user_id: string | null
  assigned_at: string | null
}

/** As much of a user as has to be known before their number is taken back. */
export type Holder = Pick<
  UserRow,
  keyof UserKey | 'registration_status' | 'phone_number' | 'inbound_calling' | 'outbound_calling' | 'sms'
>

/** As much of a user and of a number as has to be known before the one gets the other. */
export type AssignableUser = Holder & LastEnd & Pick<AccountRow, 'account_status'>
export type AssignableNumber = Pick<
  PhoneNumberRow,
  keyof NumberKey | 'status' | 'product_type' | 'account_id' | 'user_id'
> &
  LastEnd

interface LastEnd {
  /** When the last assignment of it ended; null where none did. */
  last_end: string | null
}

/** What names a thing in its table. */
export type AccountKey = Pick<AccountRow, 'aws_account_id' | 'account_id'>
export type UserKey = Pick<UserRow, 'aws_account_id' | 'account_id' | 'user_id'>
/** What names a room or a conversation as a place of messages. */
export type PlaceKey = Pick<Row<'messages'>, 'aws_account_id' | 'account_id' | 'place_type' | 'place_id'>
export type RoomKey = Pick<Row<'rooms'>, 'aws_account_id' | 'account_id' | 'room_id'>
export type NumberKey = Pick<PhoneNumberRow, 'aws_account_id' | 'phone_number'>
