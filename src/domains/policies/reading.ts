/** Helpers for reading policy documents. */

/** A path in a document: `Statement[0].Action`. */
export type Place = string

/** An unusable document; the message names the place and the error. */
export class PolicyError extends Error {
  constructor(place: Place, reason: string) {
    super(`${place.slice(0, placeAtMost)}: ${reason}`)
  }
}

const placeAtMost = 300

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One string or several; numbers and booleans are read as strings. Throws `PolicyError`. */
export function readTexts(value: unknown, place: Place): string[] {
  const values = Array.isArray(value) ? (value as unknown[]) : [value]
  if (values.length === 0) throw new PolicyError(place, 'it must not be empty')
  return values.map((item) => {
    if (typeof item === 'number' || typeof item === 'boolean') return String(item)
    if (typeof item !== 'string') throw new PolicyError(place, 'it must be a text, or a list of texts')
    if (item.includes('${')) throw new PolicyError(place, 'policy variables are not known here; write the value itself')
    return item
  })
}
