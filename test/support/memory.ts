import { readMemory } from '../../bench/process-facts.ts'

/** Samples the memory of a process until it is stopped. Returns the most, in MiB; NaN on systems without /proc. */
export function watchMemory(pid: number): { stop(): number } {
  const seen = [readMemory(pid)]
  const timer = setInterval(() => seen.push(readMemory(pid)), 200)
  return {
    stop() {
      clearInterval(timer)
      return Math.max(...seen)
    },
  }
}
