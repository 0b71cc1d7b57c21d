/** Network calls of a job that are not answered yet, by AWS account. */
export interface CallsInFlight {
  isFull(): boolean
  isEmpty(): boolean
  /** Counts one more call of the AWS account; false if it has too many, or all have. */
  enter(awsAccountId: string): boolean
  leave(awsAccountId: string): void
  /** The AWS accounts that have a call in flight. */
  listWaiting(): string[]
  /** The AWS accounts that may not have one more. */
  listAtLimit(): string[]
  /** Resolves when the next call has ended. */
  nextEnd(): Promise<void>
}

export function createCallsInFlight(atMost: number, perAwsAccount: number): CallsInFlight {
  const counts = new Map<string, number>()
  let total = 0
  let end = Promise.withResolvers<void>()
  const of = (awsAccountId: string) => counts.get(awsAccountId) ?? 0
  const change = (awsAccountId: string, by: number) => {
    total += by
    counts.set(awsAccountId, of(awsAccountId) + by)
    if (of(awsAccountId) === 0) counts.delete(awsAccountId)
  }
  return {
    isFull: () => total >= atMost,
    isEmpty: () => total === 0,
    enter(awsAccountId) {
      const hasRoom = total < atMost && of(awsAccountId) < perAwsAccount
      if (hasRoom) change(awsAccountId, 1)
      return hasRoom
    },
    leave(awsAccountId) {
      change(awsAccountId, -1)
      end.resolve()
      end = Promise.withResolvers()
    },
    listWaiting: () => [...counts.keys()],
    listAtLimit: () => [...counts.keys()].filter((awsAccountId) => of(awsAccountId) >= perAwsAccount),
    nextEnd: () => end.promise,
  }
}
