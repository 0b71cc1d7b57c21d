/** The size of pages where nothing else bounds it: the most that every listing allows. */
const pageSize = 99

interface Page {
  NextToken?: string | null | undefined
}

/** Follows `NextToken` to the end, or until there are `limit` items. */
export async function listAll<Answer extends Page, Item>(
  read: (page: { MaxResults: number; NextToken?: string }) => Promise<Answer>,
  itemsOf: (answer: Answer) => readonly Item[] | null | undefined,
  limit = Infinity,
): Promise<Item[]> {
  const items: Item[] = []
  let next: { NextToken?: string } = {}
  do {
    const answer = await read({ MaxResults: Math.min(pageSize, limit - items.length), ...next })
    for (const item of itemsOf(answer) ?? []) items.push(item)
    next = answer.NextToken == null ? {} : { NextToken: answer.NextToken }
  } while (next.NextToken !== undefined && items.length < limit)
  return items
}
