import { v7 } from 'uuid'

let sequence = 0

/** A lower-case UUIDv7: ids sort by the time given, and among equals by the order they were made in. */
export function newId(now: string): string {
  sequence = (sequence + 1) % 2 ** 31
  return v7({ msecs: Date.parse(now), seq: sequence })
}
