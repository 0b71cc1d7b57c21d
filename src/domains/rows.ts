/** Rows as the domains pass them around, and their keys. */
import type { Row } from '../database/schema/tables.ts'

export type AccountRow = Row<'accounts'>
/** A user with the number they hold now. */
export type UserRow = Row<'users'> & { phone_number: string | null }
/** A number with its present holder, if any. */
export type PhoneNumberRow = Row<'phone_numbers'> & {
  account_id: string | null
  user_id: string | null
  assigned_at: string | null
}

/** The columns of a user that are needed to end their assignment. */
export type Holder = Pick<
  UserRow,
  keyof UserKey | 'registration_status' | 'phone_number' | 'inbound_calling' | 'outbound_calling' | 'sms'
>

/** The columns of a user and of a number that are needed to assign the number. */
export type AssignableUser = Holder & LastEnd & Pick<AccountRow, 'account_status'>
export type AssignableNumber = Pick<
  PhoneNumberRow,
  keyof NumberKey | 'status' | 'product_type' | 'account_id' | 'user_id'
> &
  LastEnd

interface LastEnd {
  /** When the last assignment ended; null if none has. */
  last_end: string | null
}

/** Primary keys. */
export type AccountKey = Pick<AccountRow, 'aws_account_id' | 'account_id'>
export type UserKey = Pick<UserRow, 'aws_account_id' | 'account_id' | 'user_id'>
/** Identifies the room or conversation of a message. */
export type PlaceKey = Pick<Row<'messages'>, 'aws_account_id' | 'account_id' | 'place_type' | 'place_id'>
export type RoomKey = Pick<Row<'rooms'>, 'aws_account_id' | 'account_id' | 'room_id'>
export type NumberKey = Pick<PhoneNumberRow, 'aws_account_id' | 'phone_number'>
