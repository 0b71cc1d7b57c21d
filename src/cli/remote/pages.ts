/** The largest page size that every listing allows. */
const pageSize = 99

interface Page {
  NextToken?: string | null | undefined
}

type Read<Answer> = (page: { MaxResults: number; NextToken?: string }) => Promise<Answer>
type ItemsOf<Answer, Item> = (answer: Answer) => readonly Item[] | null | undefined

/** Follows `NextToken` to the end or until `limit` items are read. */
export const listAll = <Answer extends Page, Item>(
  read: Read<Answer>,
  itemsOf: ItemsOf<Answer, Item>,
  limit?: number,
): Promise<Item[]> => Array.fromAsync(eachItem(read, itemsOf, limit))

/** Yields the items one by one, so that only one page is in memory. */
export async function* eachItem<Answer extends Page, Item>(
  read: Read<Answer>,
  itemsOf: ItemsOf<Answer, Item>,
  limit = Infinity,
): AsyncGenerator<Item, void> {
  let count = 0
  let next: { NextToken?: string } = {}
  do {
    const answer = await read({ MaxResults: Math.min(pageSize, limit - count), ...next })
    const items = itemsOf(answer) ?? []
    yield* items
    count += items.length
    next = answer.NextToken == null ? {} : { NextToken: answer.NextToken }
  } while (next.NextToken !== undefined && count < limit)
}
