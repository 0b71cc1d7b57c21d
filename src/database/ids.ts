import { v7 } from 'uuid'

let sequence = 0

/** A lower-case UUIDv7: ids sort by the time given, and among equals by the order they were made in. */
export function newId(now: string): string {
  sequence = (sequence + 1) % 2 ** 31
  return v7({ msecs: Date.parse(now), seq: sequence })
}

/** Sorts after the ids that were made before `time`, and before those that were made from then on. */
export function idsFrom(time: string): string {
  const digits = Date.parse(time).toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}`
}
