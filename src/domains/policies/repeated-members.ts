/** Finds members that are given twice: JSON.parse keeps the last of them without a word. */
import type { Place } from './reading.ts'

/** Texts and punctuation; no other value can contain a member. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g

/** An object or a list that is being read. */
interface Level {
  /** The members of an object so far; undefined for a list. */
  names: Set<string> | undefined
  /** The member or the item that is being read. */
  step: string | number
  isNameNext: boolean
}

const levels: Readonly<Record<string, () => Level>> = {
  '{': () => ({ names: new Set(), step: '', isNameNext: true }),
  '[': () => ({ names: undefined, step: 0, isNameNext: false }),
}

/** @param json must be valid */
export function findRepeatedMember(json: string): Place | undefined {
  const path: Level[] = []
  for (const [token] of json.matchAll(tokens)) {
    const [level, open] = [path.at(-1), levels[token]]
    if (open) path.push(open())
    else if (token === '}' || token === ']') path.pop()
    else if (level && isRepeated(level, token)) return toPlace(path)
  }
  return undefined
}

/** Reads on in a level; true if the token is a name that it has already. */
function isRepeated(level: Level, token: string): boolean {
  if (token === ':') level.isNameNext = false
  else if (token === ',' && level.names) level.isNameNext = true
  else if (token === ',') level.step = Number(level.step) + 1
  else if (level.isNameNext) {
    level.step = JSON.parse(token) as string
    if (level.names?.has(level.step) === true) return true
    level.names?.add(level.step)
  }
  return false
}

const toPlace = (path: readonly Level[]): Place =>
  path
    .map(({ step }) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')
