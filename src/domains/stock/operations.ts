import { badRequest } from '../../contract/errors.ts'
import type { Answer } from '../../contract/operation.ts'
import { page } from '../../database/pagination.ts'
import { shareRuns } from '../../primitives/share-runs.ts'
import type { Handlers } from '../operation.ts'
import { toE164 } from '../phone-numbers/rules.ts'
import type { StockRange, belfry } from './contract.ts'
import { expandRange, isAfter, newStock, positionOf, selectRanges } from './rules.ts'
import { type StockRangeRow, addToStock, countStock, countStockRanges, withdrawStock } from './store.ts'

export const handlers = {
  async AddStock({ E164PhoneNumbers, FirstE164PhoneNumber, LastE164PhoneNumber, City, State }, { db }) {
    const numbers = readNumbers(E164PhoneNumbers, FirstE164PhoneNumber, LastE164PhoneNumber)
    const Skipped = await countStock(db, numbers)
    await addToStock(
      db,
      numbers.map((number) => newStock(number, City, State)),
    )
    return { Added: numbers.length - Skipped, Skipped }
  },

  ListStock: {
    /** Before the transaction, which would keep others waiting until a large stock is counted. */
    prepare: async (input, { scan }) => void counted.set(input, await countOnce(scan)),
    async handle(input) {
      const ranges = selectRanges(counted.get(input) ?? [], input.Country)
      const { rows, nextToken } = await page(input, {
        defaultLimit: 99,
        scope: ['ListStock', input.Country],
        fetch: async ({ limit, after }) => ranges.filter((range) => isAfter(range, after)).slice(0, limit),
        positionOf,
      })
      return { StockRanges: rows.map(toStockRange), NextToken: nextToken }
    },
  },

  async WithdrawStock({ E164PhoneNumbers }, { db }) {
    const numbers = [...new Set(E164PhoneNumbers.map(toE164))]
    const Withdrawn = await withdrawStock(db, numbers)
    return { Withdrawn, Skipped: numbers.length - Withdrawn }
  },
} satisfies Handlers<typeof belfry>

/** What was counted for a call that is about to be answered. */
const counted = new WeakMap<object, StockRangeRow[]>()

/** Calls that arrive while the stock is counted share the next count. */
const countOnce = shareRuns(countStockRanges)

function readNumbers(numbers: string[] | undefined, first: string | undefined, last: string | undefined): string[] {
  const isRange = first !== undefined && last !== undefined
  if ((numbers === undefined) !== isRange || (first === undefined) !== (last === undefined))
    throw badRequest('Either E164PhoneNumbers or both FirstE164PhoneNumber and LastE164PhoneNumber must be given')
  return isRange ? expandRange(toE164(first), toE164(last)) : [...new Set((numbers ?? []).map(toE164))]
}

const toStockRange = (range: StockRangeRow): Answer<typeof StockRange> => ({
  Country: range.country,
  Type: range.type,
  AreaCode: range.area_code,
  Total: range.total,
  Available: range.available,
})
