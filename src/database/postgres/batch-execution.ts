import { ServiceError } from '../../contract/errors.ts'
import { type BatchMember, type BufferedWrite, runReadPhase, selectConflictFree } from '../batching/conflict-free.ts'
import { type Pipeline, listFailures, track } from './pipeline.ts'
import { execute, prepare } from './prepared-statements.ts'

type Outcome = PromiseSettledResult<unknown>
export type Outcomes = Outcome[]

/** Runs the conflict-free set of a batch interleaved, then each other member in a savepoint. Rethrows anything but a `ServiceError`. */
export async function runBatch(pipeline: Pipeline, batch: readonly BatchMember[]): Promise<Outcomes> {
  const outcomes = new Map<BatchMember, Outcome>()
  const conflictFree = [...selectConflictFree(batch)]
  for (const [index, outcome] of (await runConflictFree(pipeline, conflictFree)).entries())
    outcomes.set(conflictFree[index] as BatchMember, outcome)
  for (const member of batch) if (!outcomes.has(member)) outcomes.set(member, await runInSavepoint(pipeline, member))
  return batch.flatMap((member) => outcomes.get(member) ?? [])
}

async function runConflictFree(pipeline: Pipeline, members: readonly BatchMember[]): Promise<Outcomes> {
  if (members.length === 0) return []
  const [outcomes, steps] = await runReadPhase(members, pipeline.db.runQuery)
  await pipeline.state.begun
  for (const writes of steps) sendWrites(pipeline, writes)
  return outcomes
}

function sendWrites({ client, state, db }: Pipeline, writes: readonly BufferedWrite[]) {
  for (const [source, equal] of Map.groupBy(writes, ([source]) => source)) {
    const inputs = equal.map(([, input]) => input)
    for (const answer of execute(client, prepare(source, db), inputs)) void track(state, answer)
  }
}

/** Rethrows anything but a `ServiceError`; the transaction is then aborted. */
async function runInSavepoint({ client, state, db }: Pipeline, { body }: BatchMember): Promise<Outcome> {
  void track(state, client.query('savepoint unit'))
  try {
    return { status: 'fulfilled', value: await body(db) }
  } catch (reason) {
    if (!(reason instanceof ServiceError)) throw reason
    // Rolling back to the savepoint would heal a transaction in which a statement failed that was not awaited, and let it commit.
    const [failure] = await listFailures(state.sent)
    if (failure !== undefined) throw failure
    void track(state, client.query('rollback to savepoint unit'))
    return { status: 'rejected', reason }
  } finally {
    void track(state, client.query('release savepoint unit'))
  }
}
