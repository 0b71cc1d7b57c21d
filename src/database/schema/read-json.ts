/** Reads JSON columns in such a way that one bad row keeps no other from being shown. */
import { channel } from 'node:diagnostics_channel'
import type { z } from 'zod'
import { parse } from './columns.ts'

/** Carries the name of each stored value that could not be read, for the log. */
export const unreadableValues = channel('belfry:unreadable-value')

interface JsonColumn<Content> {
  content: z.ZodType<Content>
}

/** Reports a text that its column may not hold, and returns undefined. @param name as `journal.resources`, and the id of the row */
export function readJson<Content>(
  { content }: JsonColumn<Content>,
  text: string,
  name: readonly [string, string],
): Content | undefined {
  const value = parse(text)
  if (content.safeParse(value).success) return value as Content
  unreadableValues.publish(name.join(' of '))
  return undefined
}
