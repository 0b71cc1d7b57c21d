/** What the disk itself takes to keep a page. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Measured, Subject } from './rounds.ts'
import { quantile } from './statistics.ts'

export const diskLabel = 'Write 4 KiB and fsync, same folder'

export const theDisk = (folder: string): Subject => ({
  label: diskLabel,
  unit: 'times/s',
  run: async (seconds) => measureDisk(folder, seconds),
})

function measureDisk(folder: string, seconds: number): Measured {
  const file = join(folder, 'fsync')
  const descriptor = openSync(file, 'w')
  const page = Buffer.alloc(4096, 1)
  const until = performance.now() + seconds * 1000
  const taken: number[] = []
  for (let began = performance.now(); began < until; began = performance.now()) {
    writeSync(descriptor, page)
    fsyncSync(descriptor)
    taken.push(performance.now() - began)
  }
  closeSync(descriptor)
  rmSync(file)
  const sorted = taken.toSorted((a, b) => a - b)
  return { perSecond: taken.length / seconds, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) }
}
