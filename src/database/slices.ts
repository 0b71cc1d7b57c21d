import type { Database } from './database.ts'
import type { Position } from './pagination.ts'
import type { Db } from './transaction.ts'

interface Slice<Row> {
  rows: Row[]
  until: Position | undefined
}

/** Reads a large table in one transaction per slice. A row is read once, unless its position changes meanwhile. */
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
