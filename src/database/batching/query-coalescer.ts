/** Questions that are asked at the same time are asked one kind after the other, which both engines answer faster. */

/** Somebody who waits for the rows of a statement. */
export interface Question {
  input: object
  resolve(rows: unknown[]): void
  reject(error: unknown): void
}

export interface Asking<Statement> {
  /** Waits for all who are about to ask, unless `askNow` comes first. */
  ask(statement: Statement, input: object): Promise<unknown[]>
  /** For what must not overtake a question. */
  askNow(): void
}

/** @param askAlike settles questions that run the same statement, and throws nothing */
export function createAsking<Statement>(
  askAlike: (statement: Statement, questions: readonly Question[]) => void,
): Asking<Statement> {
  let waiting = new Map<Statement, Question[]>()
  const askNow = () => {
    if (waiting.size === 0) return
    const asked = waiting
    waiting = new Map()
    for (const [statement, questions] of asked) askAlike(statement, questions)
  }
  const add = (statement: Statement, question: Question) => {
    // The next tick comes when everything that could go on has gone on until it waits for something.
    if (waiting.size === 0) process.nextTick(askNow)
    const alike = waiting.get(statement)
    if (alike) alike.push(question)
    else waiting.set(statement, [question])
  }
  return {
    askNow,
    ask: (statement, input) => new Promise((resolve, reject) => add(statement, { input, resolve, reject })),
  }
}
