import { ServiceError } from '../../contract/errors.ts'
import { type Change, type Piece, askApart, findApart } from '../batching/conflict-free.ts'
import { type Line, listFailures, noted } from './pipeline.ts'
import { keep, send } from './prepared-statements.ts'

type End = PromiseSettledResult<unknown>
export type Ends = End[]

export async function runEach(line: Line, pieces: readonly Piece[]): Promise<Ends> {
  const ends = new Map<Piece, End>()
  const apart = [...findApart(pieces)]
  for (const [index, end] of (await runApart(line, apart)).entries()) ends.set(apart[index] as Piece, end)
  for (const piece of pieces) if (!ends.has(piece)) ends.set(piece, await runUnit(line, piece))
  return pieces.flatMap((piece) => ends.get(piece) ?? [])
}

/** Throws whatever is no refusal, as `runUnit` does. */
async function runApart(line: Line, pieces: readonly Piece[]): Promise<Ends> {
  if (pieces.length === 0) return []
  const [ends, steps] = await askApart(pieces, line.db.runQuery)
  await line.state.begun
  for (const changes of steps) sendChanges(line, changes)
  return ends
}

function sendChanges({ client, state, db }: Line, changes: readonly Change[]) {
  for (const [source, alike] of Map.groupBy(changes, ([source]) => source)) {
    const inputs = alike.map(([, input]) => input)
    for (const sent of send(client, keep(source, db), inputs)) void noted(state, sent)
  }
}

/** Throws whatever is no refusal: then the connection is in no state to go on. */
async function runUnit({ client, state, db }: Line, { work }: Piece): Promise<End> {
  void noted(state, client.query('savepoint unit'))
  try {
    return { status: 'fulfilled', value: await work(db) }
  } catch (reason) {
    if (!(reason instanceof ServiceError)) throw reason
    // Going back would heal a transaction in which something failed that nobody waited for, and let it commit.
    const [failure] = await listFailures(state.sent)
    if (failure !== undefined) throw failure
    void noted(state, client.query('rollback to savepoint unit'))
    return { status: 'rejected', reason }
  } finally {
    void noted(state, client.query('release savepoint unit'))
  }
}
