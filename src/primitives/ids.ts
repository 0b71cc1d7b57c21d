import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'

let sequence = 0
/** Read in blocks, because each call to the system costs more than all the rest. */
let random = { bytes: randomBytes(0), used: 0 }

/** A lower-case UUIDv7. Ids sort by the given time, and those of one time by the order of creation. */
export function newId(now: string): string {
  sequence = (sequence + 1) % 2 ** 31
  return v7({ msecs: Date.parse(now), seq: sequence, random: nextRandom() })
}

function nextRandom(): Uint8Array {
  if (random.used === random.bytes.length) random = { bytes: randomBytes(4096), used: 0 }
  random.used += 16
  return random.bytes.subarray(random.used - 16, random.used)
}

/** Sorts after all ids of earlier times, and before all ids of `time` and later. */
export function idsFrom(time: string): string {
  const digits = Math.max(0, Date.parse(time)).toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}`
}
