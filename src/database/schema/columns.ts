/** What a column may hold. The types of the rows follow from it, and `belfry verify` checks the stored values against it. */
import { z } from 'zod'

/** No text that is stored has a NUL, because PostgreSQL takes none; SQLite gives one to what is no text (`row-reader.ts`). */
export const text = z.string().refine((value) => !value.includes('\0'))
export const nullableText = text.nullable()

/** ISO-8601 UTC with milliseconds: as text, times then sort as times. */
export const time = z.iso.datetime({ precision: 3 })
export const nullableTime = time.nullable()

export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) => z.enum(values)

export const flag = z.int().min(0).max(1)
export const count = z.int().min(0)

/** JSON, of which `content` says what it means. It is read with `readJson`. */
export const json = <Content extends z.ZodType>(content: Content) =>
  Object.assign(
    z.string().refine((value) => content.safeParse(parse(value)).success),
    { content },
  )

export const jsonObject = json(z.record(z.string(), z.unknown()))

/** Undefined, which no JSON means, if the text is not JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
