/** No secret reaches a log. */
import { secrets } from './secrets.ts'

/** Throws with every secret of this file's tests that stands in a log, and with whatever looks like a person. */
export function assertNoLeak(log: readonly string[]): void {
  const lines = [...new Set(log.map(withoutMarks))]
  const leaks = listLeaks(lines.join('\n')).map((leak) => `'${leak}' in ${lines.find((line) => line.includes(leak))}`)
  if (leaks.length > 0) throw new Error(`Secrets in the log:\n${leaks.slice(0, shownAtMost).join('\n')}`)
}

const shownAtMost = 10

/** Without what is new in every line and cannot be a secret: so that there are few lines to look at. */
const withoutMarks = (line: string) =>
  line
    .replace(/"time":"\d{4}-\d\d-\d\dT[\d:.]+Z",/, '')
    .replace(/"requestId":"[0-9a-f-]{36}",?/, '')
    .replace(/"ms":\d+/, '')

const person = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\d.:T])\+[1-9]\d{7,14}(?!\d)/g

/** As they stand there. */
function listLeaks(text: string): string[] {
  const found = new Set(text.match(person))
  for (const value of secrets()) {
    // A longer one has no room in it, however it is spelt.
    const spelling = value.length > text.length ? undefined : spellings(value).find((it) => text.includes(it))
    if (spelling !== undefined) found.add(spelling)
  }
  return [...found]
}

/** As it is, and as JSON and URLs write it. */
const spellings = (value: string) => [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value.toWellFormed()),
]
