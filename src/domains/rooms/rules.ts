import { limitExceeded } from '../../contract/errors.ts'
import { dayMs, shift } from '../../primitives/time.ts'

/** [documented] */
const roomsAtMost = 1500

/** @param count number of rooms that the account has already */
export function assertRoomFits(count: number): void {
  if (count >= roomsAtMost) throw limitExceeded(roomsAtMost, 'rooms per account')
}

/** A token counts for a day after its use. [inferred] */
const tokenLifeMs = dayMs

/** Uses of tokens at this time or earlier no longer count. */
export const tokensCountAfter = (now: string): string => shift(now, -tokenLifeMs)
