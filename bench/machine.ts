/** What the figures were taken on. */
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { canPin } from './processes.ts'

export const describeMachine = (): string[] => [
  `Processor: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`,
  `Memory: ${Math.round(totalmem() / 2 ** 30)} GiB`,
  `Kernel: ${type()} ${release()}`,
  `Node.js: ${process.versions.node} (SQLite ${process.versions['sqlite']})`,
  canPin
    ? 'Servers are pinned to core 0, the load generator to core 1.'
    : 'Nothing is pinned to a core: that needs two cores and taskset.',
]
