/** Baseline: the time the disk takes to write and sync one page. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Measurement, Subject } from './rounds.ts'
import { quantile } from './statistics.ts'

export const diskLabel = 'Write 4 KiB and fsync, same folder'

export const diskSubject = (folder: string): Subject => ({
  label: diskLabel,
  unit: 'times/s',
  run: async (seconds) => measureDisk(folder, seconds),
})

function measureDisk(folder: string, seconds: number): Measurement {
  const file = join(folder, 'fsync')
  const descriptor = openSync(file, 'w')
  const page = Buffer.alloc(4096, 1)
  const until = performance.now() + seconds * 1000
  const durations: number[] = []
  for (let began = performance.now(); began < until; began = performance.now()) {
    writeSync(descriptor, page)
    fsyncSync(descriptor)
    durations.push(performance.now() - began)
  }
  closeSync(descriptor)
  rmSync(file)
  const sorted = durations.toSorted((a, b) => a - b)
  return { perSecond: durations.length / seconds, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) }
}
