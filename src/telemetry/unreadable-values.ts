import { unreadableValues } from '../database/schema/read-json.ts'
import type { Log } from './log.ts'

const rememberedAtMost = 1000

/** Logs each stored value that cannot be read once, however often it is asked for. Returns how to stop. */
export function logUnreadableValues(log: Log): () => void {
  const known = new Set<unknown>()
  const note = (value: unknown) => {
    if (known.has(value) || known.size >= rememberedAtMost) return
    known.add(value)
    log.error({ value }, 'a stored value cannot be read, and is left out of answers; belfry verify lists all')
  }
  unreadableValues.subscribe(note)
  return () => unreadableValues.unsubscribe(note)
}
