/** The time `milliseconds` after (or before, if negative) an ISO-8601 time. */
export const shift = (time: string, milliseconds: number): string =>
  new Date(Date.parse(time) + milliseconds).toISOString()

export const dayMs = 24 * 60 * 60 * 1000

/** Keeps the last answer of a pure function, for what is asked about the same second thousands of times. */
export function keepLast<Input extends string | number, Output>(compute: (input: Input) => Output) {
  let last: { input: Input; output: Output } | undefined
  return (input: Input): Output => {
    if (last?.input !== input) last = { input, output: compute(input) }
    return last.output
  }
}
