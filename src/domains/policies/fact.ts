import { once } from '../../primitives/once.ts'
import { type Pattern, indexText, matchesFrom } from './patterns.ts'

/**
 * A value of a request, as policies are evaluated against it. What they ask about it is found out once, because the
 * policies of a principal can ask thousands of times.
 */
export interface Fact {
  readonly text: string
  /** What `read` makes of the text. */
  as<Value>(read: (text: string) => Value): Value
  fits(pattern: Pattern): boolean
}

/** @param index indexes the text, if a pattern needs that */
export function createFact(text: string, index = () => indexText(text)): Fact {
  const known = new Map<unknown, unknown>()
  const indexed = once(index)
  const remember = <Value>(question: unknown, answer: () => Value): Value => {
    if (!known.has(question)) known.set(question, answer())
    return known.get(question) as Value
  }
  return {
    text,
    as: (read) => remember(read, () => read(text)),
    fits({ source, prefix, rest }) {
      if (!text.startsWith(prefix)) return false
      if (rest === '') return text.length === prefix.length
      if (rest === '*') return true
      return remember(source, () => matchesFrom(prefix.length, text, rest, indexed()))
    },
  }
}
