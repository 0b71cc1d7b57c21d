/** What is answered where there is too much to do. Made once, because it must cost next to nothing. */
import { serviceUnavailable } from '../contract/errors.ts'
import { renderError } from './render.ts'
import type { HttpAnswer } from '../wire/answer.ts'

const message = 'The server has too much to do'

/** A request was turned away. */
export const overloaded = serviceUnavailable(message)
/** The body of a request was dropped before it was whole. */
export const bodyDropped = serviceUnavailable(message)

const answer = renderError(overloaded)
const lastAnswer: HttpAnswer = { ...answer, headers: { ...answer.headers, Connection: 'close' } }

/** Undefined for an error of another kind. */
export function findOverloadAnswer(error: unknown): HttpAnswer | undefined {
  if (error === overloaded) return answer
  // The rest of the body would still come.
  return error === bodyDropped ? lastAnswer : undefined
}
