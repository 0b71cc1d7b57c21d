import type { Piece } from './apart.ts'
import { type Unit, settle } from './gather.ts'

type Ends = PromiseSettledResult<unknown>[]

export interface Ways {
  /**
   * Does them all in one transaction, and says how each ended; undefined where that failed and nothing of it is there.
   * @param sent may be called when others can begin, because what they do comes after all of this
   */
  together(pieces: readonly Piece[], sent: () => void): Promise<Ends | undefined>
  /** The same for some of those that failed together; others may have begun meanwhile. */
  again(pieces: readonly Piece[]): Promise<Ends | undefined>
  /** Does one by itself. */
  alone(work: Piece['work']): Promise<unknown>
}

/**
 * Settles each unit of a group. Where one spoils it for all, halves are tried, until it stands alone; then it is done by
 * itself, and holds nobody up. Resolves as soon as others can begin.
 */
export const settleTogether = (group: readonly Unit[], ways: Ways): Promise<void> =>
  new Promise((sent) => void settleAll(group, ways, ways.together(group, sent)).finally(sent))

async function settleAll(group: readonly Unit[], ways: Ways, done: Promise<Ends | undefined>) {
  try {
    const ends = await done
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
  for (const half of [group.slice(0, middle), group.slice(middle)]) await settleAll(half, ways, ways.again(half))
}
