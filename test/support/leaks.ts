/** No secret reaches a log. */
import { secrets } from './secrets.ts'

/** Throws with every secret of this file's tests that stands in a log, and with whatever looks like a person. */
export function assertNoLeak(log: readonly string[]): void {
  const lines = [...new Set(log.map(withoutMarks))]
  const leaks = lines.flatMap((line) => leaksIn(line, secrets()).map((leak) => `'${leak}' in ${line}`))
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

function leaksIn(line: string, values: ReadonlySet<string>): string[] {
  const found = new Set(line.match(person))
  for (const value of values) if (spellings(value).some((spelling) => line.includes(spelling))) found.add(value)
  return [...found]
}

/** As it is, and as JSON and URLs write it. */
const spellings = (value: string) =>
  new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())]).values()
