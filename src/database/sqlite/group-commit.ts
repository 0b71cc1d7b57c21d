import type { Database, CommitCounters } from '../database.ts'
import { askApart, findApart } from '../batching/conflict-free.ts'
import { type Unit, gather, settle } from '../batching/batcher.ts'
import type { Db } from '../transaction.ts'

type Settle = () => void

/** The connection that writes, and what moves its transaction. */
export interface Writer {
  db: Db
  execute(command: 'begin immediate' | 'commit' | 'rollback' | `${'savepoint' | 'release' | 'rollback to'} unit`): void
  /** Hears how many writes are on disk now; the next transaction waits for what it answers. */
  committed(writes: number): Promise<void> | undefined
}

/**
 * Writers that arrive together share one commit, and so one wait for the disk. First come those that touch nothing in
 * common, side by side, then the others, each in its own savepoint: one that fails undoes itself alone. Nobody is answered, not even with a refusal (it may rest
 * on what a neighbour wrote), before the commit they share is on disk.
 */
export const groupCommit = (writer: Writer, counters: CommitCounters): Database['write'] =>
  gather(1, Infinity, (group) => commit(writer, group, counters))

async function commit(writer: Writer, group: Unit[], counters: CommitCounters) {
  try {
    writer.execute('begin immediate')
    const settled = await runAll(writer, group)
    counters.commits++
    counters.writes += group.length
    for (const tell of settled) tell()
    await writer.committed(group.length)
  } catch (error) {
    for (const unit of group) unit.reject(error)
  }
}

async function runAll(writer: Writer, group: Unit[]) {
  try {
    const apart = await runApart(writer, [...findApart(group)])
    const settled: Settle[] = []
    for (const unit of group) settled.push(apart.get(unit) ?? (await runOne(writer, unit)))
    writer.execute('commit')
    return settled
  } catch (error) {
    rollBack(writer)
    throw error
  }
}

/** Answers none where one of them failed for another reason than that it refused: then each is to be done by itself. */
async function runApart(writer: Writer, units: readonly Unit[]): Promise<Map<Unit, Settle>> {
  if (units.length === 0) return new Map()
  try {
    const [ends, steps] = await askApart(units, writer.db.runQuery)
    for (const [source, input] of steps.flat()) void writer.db.runWrite(source, input)
    return new Map(units.map((unit, index) => [unit, () => settle(unit, ends[index])]))
  } catch (error) {
    beginAgain(writer, error)
    return new Map()
  }
}

/**
 * Nothing else has been done yet. A savepoint would do as well, but in one SQLite copies each page before it changes it.
 * After a full disk or a failed read SQLite has already rolled all back; then the first error is the one to tell.
 */
function beginAgain(writer: Writer, error: unknown) {
  try {
    writer.execute('rollback')
    writer.execute('begin immediate')
  } catch {
    throw error
  }
}

async function runOne(writer: Writer, { work, resolve, reject }: Unit): Promise<Settle> {
  writer.execute('savepoint unit')
  try {
    const value = await work(writer.db)
    writer.execute('release unit')
    return () => resolve(value)
  } catch (error) {
    undo(writer, error)
    return () => reject(error)
  }
}

/** Throws the error where SQLite has rolled all back, as above. */
function undo(writer: Writer, error: unknown) {
  try {
    writer.execute('rollback to unit')
    writer.execute('release unit')
  } catch {
    throw error
  }
}

function rollBack(writer: Writer) {
  try {
    writer.execute('rollback')
  } catch {
    // It has been rolled back already.
  }
}
