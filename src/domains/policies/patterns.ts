/** Patterns with `*` for any text and `?` for one character. */

/** Whether the text matches the pattern; case-sensitive. */
export function fits(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0]
  while (t < text.length) {
    if (pattern[p] === '*') [star, mark, p] = [p, t, p + 1]
    else if (pattern[p] === '?' || pattern[p] === text[t]) [p, t] = [p + 1, t + 1]
    else if (star >= 0) [p, t, mark] = [star + 1, mark + 1, mark + 1]
    else return false
  }
  return /^\**$/.test(pattern.slice(p))
}

const partsOfArn = 6

/** ARNs are compared part by part: only in the last part can `*` match a colon. */
export function fitsArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true
  const [patterns, parts] = [partsOf(pattern), partsOf(arn)]
  return patterns.length === parts.length && patterns.every((part, index) => fits(part, parts[index] ?? ''))
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':')
  return [...parts.slice(0, partsOfArn - 1), parts.slice(partsOfArn - 1).join(':')]
}
