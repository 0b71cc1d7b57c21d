/** Patterns with `*` for any text and `?` for one character. */

export interface Pattern {
  readonly source: string
  /** The text before the first wildcard. */
  readonly prefix: string
  /** What follows, beginning with a wildcard. */
  readonly rest: string
}

export function compilePattern(source: string): Pattern {
  const at = source.search(/[*?]/)
  const length = at < 0 ? source.length : at
  return { source, prefix: source.slice(0, length), rest: source.slice(length) }
}

/** A set of positions in a text: bit n of word m stands for position 32 m + n. */
type Positions = Int32Array

export interface Index {
  /** The positions of a character, by its code; those of `?` are all of them. */
  whereIs(code: number): Positions | undefined
  /** Scratch memory for one match at a time. */
  reached: Positions
}

const [questionMark, star] = ['?', '*'].map((character) => character.charCodeAt(0))

const setOfPositions = (text: string): Positions => new Int32Array((text.length >>> 5) + 1)

const add = (positions: Positions, at: number) => void (positions[at >>> 5] = (positions[at >>> 5] ?? 0) | (1 << at))
const has = (positions: Positions, at: number) => (((positions[at >>> 5] ?? 0) >>> at) & 1) === 1

export function indexText(text: string): Index {
  const places = new Map<number | undefined, Positions>()
  for (let at = 0; at < text.length; at++)
    for (const code of [text.charCodeAt(at), questionMark]) {
      const found = places.get(code) ?? setOfPositions(text)
      add(found, at)
      places.set(code, found)
    }
  return { whereIs: (code) => places.get(code), reached: setOfPositions(text) }
}

/**
 * Whether the rest of a text, from a position on, matches a pattern; case-sensitive. All positions that a match can have
 * reached are moved on together, so each character of the pattern costs one step, whatever came before it. A step takes
 * a word of memory for each 32 characters of the text, and texts are bounded.
 */
export function matchesFrom(at: number, text: string, pattern: string, { whereIs, reached }: Index): boolean {
  add(reached.fill(0), at)
  for (let step = 0; step < pattern.length; step++)
    if (!moveOn(reached, pattern.charCodeAt(step), whereIs)) return false
  return has(reached, text.length)
}

/** Whether a pattern matches any longer text that begins with this one. */
export function matchesBeginning(text: string, pattern: string): boolean {
  const { whereIs, reached } = indexText(text)
  add(reached, 0)
  for (let step = 0; step < pattern.length; step++) {
    if (has(reached, text.length)) return true
    if (!moveOn(reached, pattern.charCodeAt(step), whereIs)) return false
  }
  return has(reached, text.length) && pattern.endsWith('*')
}

/** False if no position is left. */
function moveOn(reached: Positions, code: number, whereIs: Index['whereIs']): boolean {
  if (code !== star) return advance(reached, whereIs(code))
  extend(reached)
  return true
}

/** Moves every position on by one if the wanted character is there, and drops it otherwise; false if none is left. */
function advance(reached: Positions, wanted: Positions | undefined): boolean {
  if (!wanted) return false
  let [carry, moved] = [0, 0]
  for (let word = 0; word < reached.length; word++) {
    const moving = (reached[word] ?? 0) & (wanted[word] ?? 0)
    reached[word] = (moving << 1) | carry
    carry = moving >>> 31
    moved |= moving
  }
  return moved !== 0
}

/** Adds every position after the first. */
function extend(reached: Positions) {
  let later = 0
  for (let word = 0; word < reached.length; word++) {
    const found = reached[word] ?? 0
    reached[word] = later | found | -found
    if (found !== 0) later = -1
  }
}
