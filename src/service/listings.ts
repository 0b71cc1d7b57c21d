import type { Operation } from '../contract/operation.ts'

export const isListing = ({ input }: Operation): boolean => 'NextToken' in input.shape

/** Bounds the time that a request takes; what others wait is bounded by the page. */
const emptyPagesAtMost = 100

/**
 * A page is empty though more follow if its filter let none of the rows through that it looked at. The next pages are then read at
 * once, for clients that take an empty page for the end.
 */
export async function readPages<Input, Output>(input: Input, read: (input: Input) => Promise<Output>): Promise<Output> {
  let output = await read(input)
  for (let count = 0; count < emptyPagesAtMost; count++) {
    const NextToken = tokenOfEmptyPage(output)
    if (NextToken === undefined) break
    output = await read({ ...input, NextToken })
  }
  return output
}

function tokenOfEmptyPage(output: unknown): string | undefined {
  const { NextToken, ...lists } = output as { NextToken?: string | null }
  const isEmpty = Object.values(lists).every((list) => Array.isArray(list) && list.length === 0)
  return typeof NextToken === 'string' && isEmpty ? NextToken : undefined
}
