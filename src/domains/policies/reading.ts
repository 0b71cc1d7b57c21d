/** What reading a policy document begins with. */

/** Where in a document: `Statement[0].Action`. */
export type Place = string

/** A document that cannot be used; the message is the place and what is wrong there. */
export class PolicyError extends Error {
  constructor(place: Place, reason: string) {
    super(`${place.slice(0, placeAtMost)}: ${reason}`)
  }
}

const placeAtMost = 300

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One text or several; numbers and flags are taken as texts. Throws `PolicyError`. */
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
