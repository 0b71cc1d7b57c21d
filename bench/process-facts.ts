/** Memory and descriptors of a process, from /proc on Linux. */
import { readFileSync, readdirSync } from 'node:fs'

/** Resident memory in MiB; NaN without /proc. */
export function readMemory(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kib ?? Number.NaN) / 1024
  } catch {
    return Number.NaN
  }
}

/** Number of open descriptors; NaN without /proc. */
export function countDescriptors(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return Number.NaN
  }
}
