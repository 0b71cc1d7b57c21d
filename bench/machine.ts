/** Describes the machine that the benchmarks run on. */
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { canPin } from './processes.ts'

/** Must be called before the first measurement, because the load average should show other programs only. */
export const describeMachine = (): string[] => [
  `Processor: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`,
  `Memory: ${Math.round(totalmem() / 2 ** 30)} GiB`,
  `Kernel: ${type()} ${release().split('-')[0]}`,
  `Node.js: ${process.versions.node} (SQLite ${process.versions['sqlite']})`,
  `Load average before the run: ${describeLoad(loadavg())}`,
  canPin
    ? 'Servers are pinned to core 0, the load generator to core 1.'
    : 'Nothing is pinned to a core: that needs two cores and taskset.',
]

const quietLoad = 0.5

function describeLoad(averages: readonly number[]): string {
  const text = averages.map((load) => load.toFixed(2)).join(', ')
  const isQuiet = (averages[0] ?? 0) < quietLoad
  return isQuiet ? text : `${text}. **Other programs were busy: these figures are no measure of a quiet machine.**`
}
