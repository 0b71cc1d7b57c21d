/** Checks that a log contains no secret. */
import { secrets } from './secrets.ts'

/** Throws an error that names the secrets of this file's tests, e-mail addresses and phone numbers found in a log. */
export function assertNoLeak(log: readonly string[]): void {
  const lines = [...new Set(log.map(withoutMarks))]
  const leaks = listLeaks(lines.join('\n')).map((leak) => `'${leak}' in ${lines.find((line) => line.includes(leak))}`)
  if (leaks.length > 0) throw new Error(`Secrets in the log:\n${leaks.slice(0, shownAtMost).join('\n')}`)
}

const shownAtMost = 10

/** Removes values that differ in every line and cannot be secret, so that few distinct lines remain to be searched. */
const withoutMarks = (line: string) =>
  line
    .replace(/"time":"\d{4}-\d\d-\d\dT[\d:.]+Z",/, '')
    .replace(/"requestId":"[0-9a-f-]{36}",?/, '')
    .replace(/"ms":\d+/, '')

const person = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\d.:T])\+[1-9]\d{7,14}(?!\d)/g

/** The leaked values as the text spells them. */
function listLeaks(text: string): string[] {
  const found = new Set(text.match(person))
  for (const value of secrets()) {
    // A value longer than the text cannot be in it; no spelling is shorter than the value.
    const spelling = value.length > text.length ? undefined : spellings(value).find((it) => text.includes(it))
    if (spelling !== undefined) found.add(spelling)
  }
  return [...found]
}

/** A value as it is, in JSON and in a URL. */
const spellings = (value: string) => [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value.toWellFormed()),
]
