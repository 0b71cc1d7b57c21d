import { ServiceError } from '../contract/errors.ts'

type Answers<Questions extends readonly Promise<unknown>[]> = { [Index in keyof Questions]: Awaited<Questions[Index]> }

/**
 * Waits for questions that were asked at once, which on PostgreSQL is one round trip instead of many. Of several that
 * are refused, the first in the order given is the one that counts; but what failed otherwise counts before them.
 */
export async function awaitAll<Questions extends readonly Promise<unknown>[]>(
  ...questions: Questions
): Promise<Answers<Questions>> {
  const ends = await Promise.allSettled(questions)
  const failed = ends.filter((end) => end.status === 'rejected')
  const fault = failed.find(({ reason }) => !(reason instanceof ServiceError)) ?? failed[0]
  if (fault) throw fault.reason
  return ends.map((end) => (end as PromiseFulfilledResult<unknown>).value) as Answers<Questions>
}
