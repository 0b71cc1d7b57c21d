import { ServiceError } from '../contract/errors.ts'

type Answers<Questions extends readonly Promise<unknown>[]> = { [Index in keyof Questions]: Awaited<Questions[Index]> }

/**
 * Awaits queries that were started concurrently, which on PostgreSQL takes one round trip instead of several. If several
 * fail, a fault is thrown before a `ServiceError`, and the first in the given order before later ones.
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
