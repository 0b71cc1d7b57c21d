import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'

let sequence = 0
/** Asked of the system many at a time, for each asking costs more than all the rest. */
let random = { bytes: randomBytes(0), used: 0 }

/** A lower-case UUIDv7: ids sort by the time given, and among equals by the order they were made in. */
export function newId(now: string): string {
  sequence = (sequence + 1) % 2 ** 31
  return v7({ msecs: Date.parse(now), seq: sequence, random: nextRandom() })
}

function nextRandom(): Uint8Array {
  if (random.used === random.bytes.length) random = { bytes: randomBytes(4096), used: 0 }
  random.used += 16
  return random.bytes.subarray(random.used - 16, random.used)
}

/** Sorts after the ids that were made before `time`, and before those that were made from then on. */
export function idsFrom(time: string): string {
  const digits = Date.parse(time).toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}`
}
