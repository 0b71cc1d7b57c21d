import { type ErrorCode, ServiceError } from '../contract/errors.ts'

/** Why an item was refused, in the members that every batch operation returns. */
export interface BatchError {
  ErrorCode: ErrorCode | null
  ErrorMessage: string
}

type Refusal<Item> = BatchError & { item: Item }

/** Processes the items in order. A refused item does not affect the others; a fault aborts the batch. */
export async function forEachItem<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
): Promise<Refusal<Item>[]> {
  const refusals: Refusal<Item>[] = []
  for (const item of items) {
    const error = await refusalOf(() => act(item))
    if (error) refusals.push({ item, ErrorCode: error.code ?? null, ErrorMessage: error.message })
  }
  return refusals
}

async function refusalOf(work: () => Promise<unknown>): Promise<ServiceError | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof ServiceError) return error
    throw error
  }
}
