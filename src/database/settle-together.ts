import type { Piece } from './apart.ts'
import { type Unit, settle } from './gather.ts'

export interface Ways {
  /**
   * Does them all in one transaction, and says how each ended; undefined where that failed and nothing of it is there.
   * @param isHalf whether it failed before, with others
   */
  together(pieces: readonly Piece[], isHalf: boolean): Promise<PromiseSettledResult<unknown>[] | undefined>
  /** Does one by itself. */
  alone(work: Piece['work']): Promise<unknown>
}

/**
 * Settles each unit of a group. Where one spoils it for all, halves are tried, until it stands alone; then it is done by
 * itself, and holds nobody up.
 */
export async function settleTogether(group: readonly Unit[], ways: Ways, isHalf = false): Promise<void> {
  try {
    const ends = await ways.together(group, isHalf)
    if (ends) group.forEach((unit, index) => settle(unit, ends[index]))
    else await settleHalves(group, ways)
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}

async function settleHalves(group: readonly Unit[], ways: Ways) {
  const [first, second] = group
  if (first && !second) void ways.alone(first.work).then(first.resolve, first.reject)
  if (!second) return
  const middle = Math.ceil(group.length / 2)
  await settleTogether(group.slice(0, middle), ways, true)
  await settleTogether(group.slice(middle), ways, true)
}
