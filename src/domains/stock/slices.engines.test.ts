/** The stock is searched and counted in pieces, with the results of one statement over all of it. */
import { sql } from 'kysely'
import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import { withScanBudget } from '../../../test/support/scan-budget.ts'
import { page } from '../../database/pagination.ts'
import { type StockFilter, type StockRow, addToStock, countStockRanges, findStockHorizon, listStock } from './store.ts'

const { belfry } = await useBelfry()
const { database } = belfry

const row = fc.record({
  country: fc.constantFrom('US', 'US', 'GB'),
  type: fc.constantFrom('Local' as const, 'Local' as const, 'TollFree' as const),
  area_code: fc.constantFrom('206', '206', '509', null),
  city_key: fc.constantFrom('seattle', 'yakima', null),
  state_key: fc.constantFrom('wa', 'or', null),
  available: fc.constantFrom(1, 1, 1, 0),
})

const rows: StockRow[] = fc
  .sample(row, { numRuns: 80, seed: 1 })
  .map((facts, index) => Object.assign(facts, { phone_number: `+1206${2_000_000 + ((index * 37) % 80)}` }))

beforeAll(() => database.write((db) => addToStock(db, rows)))

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

const filters: fc.Arbitrary<StockFilter> = fc.record({
  country: fc.constantFrom('US', 'GB', 'FR'),
  type: maybe(fc.constantFrom('Local', 'TollFree')),
  areaCode: maybe(fc.constantFrom('206', '509', '999')),
  city: maybe(fc.constantFrom('seattle', 'yakima')),
  state: maybe(fc.constantFrom('wa', 'or')),
})

async function search(filter: StockFilter, MaxResults: number): Promise<string[]> {
  const found: string[] = []
  for (let NextToken: string | undefined; ;) {
    const { rows, nextToken } = await database.read((db) =>
      page(
        { MaxResults, NextToken },
        {
          defaultLimit: 1,
          scope: [],
          fetch: (request) => listStock(db, filter, request),
          positionOf: ({ phone_number }) => [phone_number, ''],
          findHorizon: (after) => findStockHorizon(db, filter, after),
        },
      ),
    )
    found.push(...rows.map(({ phone_number }) => phone_number))
    if (nextToken === null) return found
    NextToken = nextToken
  }
}

const matches = (row: StockRow, { country, type, areaCode, city, state }: StockFilter) =>
  row.available === 1 &&
  row.country === country &&
  (type === undefined || row.type === type) &&
  (areaCode === undefined || row.area_code === areaCode) &&
  (city === undefined || row.city_key === city) &&
  (state === undefined || row.state_key === state)

test('a search finds the same numbers in the same order, however few rows a page looks at', async () => {
  const size = fc.integer({ min: 1, max: 7 })
  await fc.assert(
    fc.asyncProperty(filters, size, size, async (filter, budget, pageSize) => {
      const expected = rows.filter((row) => matches(row, filter)).map(({ phone_number }) => phone_number)
      expect(await withScanBudget(budget, () => search(filter, pageSize))).toEqual(expected.toSorted())
    }),
    { numRuns: 150 },
  )
})

test.each([1, 7, 80, 81])('the totals are the same when %i rows are counted at a time', async (budget) => {
  const counted = await withScanBudget(budget, () => countStockRanges(database.scan))
  const atOnce = await database.read((db) =>
    db
      .selectFrom('stock')
      .select(['country', 'type', 'area_code'])
      .select([sql`count(*)`.as('total'), sql`sum(available)`.as('available')])
      .groupBy(['country', 'type', 'area_code'])
      .execute(),
  )
  const numbers = atOnce.map((range) =>
    Object.assign(range, { total: Number(range.total), available: Number(range.available) }),
  )
  expect(counted).toHaveLength(numbers.length)
  expect(counted).toEqual(expect.arrayContaining(numbers))
})
