import type { Piece } from './conflict-free.ts'
import { type Unit, settle } from './batcher.ts'

type Ends = PromiseSettledResult<unknown>[]

export interface Ways {
  /**
   * Does them all in one transaction, and says how each ended; undefined where that failed and nothing of it is there.
   * @param sent may be called when others can begin, because what they do comes after all of this
   */
  together(pieces: readonly Piece[], sent?: () => void): Promise<Ends | undefined>
  /** The same for some of those that failed together. */
  again(pieces: readonly Piece[]): Promise<Ends | undefined>
  /** Does one by itself. */
  alone(work: Piece['work']): Promise<unknown>
}

/**
 * Settles each unit of a group. Where one spoils it for all, halves are tried, until it stands alone; then it is done by
 * itself, and holds nobody up.
 */
export const settleTogether = (group: readonly Unit[], ways: Ways): Promise<void> =>
  settleAll(group, ways.together(group), () => settleHalves(group, ways))

/**
 * The same for groups one after the other, of which each may begin before the last has ended. Only while halves are tried
 * nobody else is under way: all of them would lose against each other, and be tried by halves as well.
 */
export function settleOverlapping(ways: Ways): (group: readonly Unit[]) => Promise<void> {
  let [begun, splitting]: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()]
  const split = (group: readonly Unit[]) => {
    const mine = Promise.all([begun, splitting]).then(() => settleHalves(group, ways))
    splitting = mine
    return mine
  }
  const begin = (group: readonly Unit[], sent: () => void) => {
    const ends = ways.together(group, sent)
    begun = ends.catch(() => {})
    void settleAll(group, ends, () => split(group)).finally(sent)
  }
  return async (group) => {
    for (let known; known !== splitting;) await (known = splitting)
    return new Promise((sent) => begin(group, sent))
  }
}

/** @param retry what is done where they failed together */
async function settleAll(group: readonly Unit[], done: Promise<Ends | undefined>, retry: () => Promise<void>) {
  try {
    const ends = await done
    if (ends) group.forEach((unit, index) => settle(unit, ends[index]))
    else await retry()
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}

async function settleHalves(group: readonly Unit[], ways: Ways): Promise<void> {
  const [first, second] = group
  if (first && !second) void ways.alone(first.work).then(first.resolve, first.reject)
  if (!second) return
  const middle = Math.ceil(group.length / 2)
  for (const half of [group.slice(0, middle), group.slice(middle)])
    await settleAll(half, ways.again(half), () => settleHalves(half, ways))
}
