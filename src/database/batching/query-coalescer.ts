/** Sends equal prepared queries of one tick together, which both engines answer faster. */

export interface PendingQuery {
  input: object
  resolve(rows: unknown[]): void
  reject(error: unknown): void
}

export interface QueryCoalescer<Statement> {
  /** Sends the query at the end of the tick, or at the next `flush` if that comes first. */
  enqueue(statement: Statement, input: object): Promise<unknown[]>
  flush(): void
}

export function createQueryCoalescer<Statement>(
  run: (statement: Statement, queries: readonly PendingQuery[]) => void,
): QueryCoalescer<Statement> {
  let queued = new Map<Statement, PendingQuery[]>()
  const flush = () => {
    if (queued.size === 0) return
    const sent = queued
    queued = new Map()
    for (const [statement, queries] of sent) run(statement, queries)
  }
  const add = (statement: Statement, query: PendingQuery) => {
    // The next tick comes when every transaction that could proceed awaits something.
    if (queued.size === 0) process.nextTick(flush)
    const equal = queued.get(statement)
    if (equal) equal.push(query)
    else queued.set(statement, [query])
  }
  return {
    flush,
    enqueue: (statement, input) => new Promise((resolve, reject) => add(statement, { input, resolve, reject })),
  }
}
