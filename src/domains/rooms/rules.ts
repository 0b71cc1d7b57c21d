import { ServiceError } from '../../contract/errors.ts'

/** [documented] */
const roomsAtMost = 1500

/** @param count how many rooms the account has already */
export function assertRoomFits(count: number): void {
  if (count >= roomsAtMost)
    throw new ServiceError(
      'ResourceLimitExceededException',
      `The limit of ${roomsAtMost} rooms per account would be exceeded`,
    )
}
