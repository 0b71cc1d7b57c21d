/** Work that is done side by side, because it does not meet. */
import { ServiceError } from '../../contract/errors.ts'
import type { Db, Queries, PreparedSource, ConflictKeys } from '../transaction.ts'

export interface Piece {
  work(db: Db): Promise<unknown>
  touches?: ConflictKeys | undefined
}

/** Those that have nothing in common: done side by side, they end as they would one after the other. */
export function findApart<Some extends Piece>(pieces: readonly Some[]): Set<Some> {
  const touched = new Set<string>()
  const isApart = ({ touches }: Piece) => {
    if (!touches || touches.some((name) => touched.has(name))) return false
    for (const name of touches) touched.add(name)
    return true
  }
  return new Set(pieces.filter(isApart))
}

export type Change = readonly [source: PreparedSource, input: object]

/**
 * Lets pieces that are apart ask, and answers how each ended and what it wants to be changed: those that refused, nothing.
 * To be changed step by step: of each piece the first, then of each the second. Throws what is no refusal.
 */
export async function askApart(
  pieces: readonly Piece[],
  ask: Db['runQuery'],
): Promise<[PromiseSettledResult<unknown>[], Change[][]]> {
  const steps: Change[][] = []
  const ends = await Promise.allSettled(
    pieces.map(async ({ work }) => {
      const changes: Change[] = []
      const value = await work(waiting(changes, ask))
      for (const [step, change] of changes.entries()) (steps[step] ??= []).push(change)
      return value
    }),
  )
  for (const end of ends) if (end.status === 'rejected' && !(end.reason instanceof ServiceError)) throw end.reason
  return [ends, steps]
}

/** Takes note of changes, and makes none. */
const waiting = (changes: Change[], ask: Db['runQuery']): Db => ({
  ...nothingElse,
  runQuery(source, input) {
    if (changes.length > 0) throw new Error('Work that is done side by side asked after it changed something')
    return ask(source, input)
  },
  runWrite: (source, input) => void changes.push([source, input]),
})

const refuse = () => {
  throw new Error('Work that is done side by side may run kept statements alone')
}
const names = ['selectFrom', 'selectNoFrom', 'insertInto', 'updateTable', 'deleteFrom', 'fn', 'getExecutor'] as const
const nothingElse = Object.fromEntries(names.map((name) => [name, refuse])) as unknown as Queries
