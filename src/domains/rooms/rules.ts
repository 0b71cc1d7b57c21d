import { limitExceeded } from '../../contract/errors.ts'

/** [documented] */
const roomsAtMost = 1500

/** @param count number of rooms that the account has already */
export function assertRoomFits(count: number): void {
  if (count >= roomsAtMost) throw limitExceeded(roomsAtMost, 'rooms per account')
}
