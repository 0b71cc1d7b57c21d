/** Preloaded into a process: before its first statement that begins with SIGNAL_AT the process sends itself SIGNAL. */
import { isMainThread } from 'node:worker_threads'
import { beforeEachStatement } from './statements.ts'

/** The environment of a process that is to send itself the signal. */
export const signalAt = (statement: string, signal: NodeJS.Signals): Record<string, string> => ({
  NODE_OPTIONS: `--import=${import.meta.url}`,
  SIGNAL_AT: statement,
  SIGNAL: signal,
})

const { SIGNAL_AT = '', SIGNAL = '' } = process.env

if (isMainThread && SIGNAL_AT !== '') {
  const stop = beforeEachStatement((sql) => {
    if (!sql.startsWith(SIGNAL_AT)) return
    stop()
    process.kill(process.pid, SIGNAL)
  })
}
