import type { Database } from './database.ts'
import type { Position } from './pagination.ts'
import type { Db } from './transaction.ts'

interface Slice<Row> {
  rows: Row[]
  /** The last position of the slice; undefined if it is the last slice. */
  until: Position | undefined
}

/**
 * Reads a large table in transactions of its own, between which others have their turn. The slices see the table at different
 * times: each row is read once, unless its position changes.
 * @param readSlice ends at the horizon of the position it begins after
 */
export async function* readInSlices<Row>(
  scan: Database['scan'],
  readSlice: (db: Db, after: Position) => Promise<Slice<Row>>,
): AsyncGenerator<Row[], void> {
  let after: Position | undefined = ['', '']
  while (after) {
    const from: Position = after
    const slice: Slice<Row> = await scan((db) => readSlice(db, from))
    yield slice.rows
    after = slice.until
  }
}
