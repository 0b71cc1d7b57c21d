/** The time `milliseconds` after (or before, if negative) an ISO-8601 time. */
export const shift = (time: string, milliseconds: number): string =>
  new Date(Date.parse(time) + milliseconds).toISOString()

export const dayMs = 24 * 60 * 60 * 1000
