import { DatabaseSync, type SQLInputValue, StatementSync } from 'node:sqlite'

type Run = (this: StatementSync, ...values: SQLInputValue[]) => unknown

const statements = StatementSync.prototype as unknown as Record<'run' | 'all' | 'get', Run>

/** Calls back before each statement that SQLite executes in this thread, until the function that is returned is called. */
export function beforeEachStatement(callback: (sql: string) => void): () => void {
  const { exec } = DatabaseSync.prototype
  const { run, all, get } = statements
  const after = (execute: Run): Run =>
    function (...values) {
      callback(this.sourceSQL)
      return execute.apply(this, values)
    }
  Object.assign(statements, { run: after(run), all: after(all), get: after(get) })
  DatabaseSync.prototype.exec = function (sql) {
    callback(sql)
    exec.call(this, sql)
  }
  return () => {
    Object.assign(statements, { run, all, get })
    DatabaseSync.prototype.exec = exec
  }
}
