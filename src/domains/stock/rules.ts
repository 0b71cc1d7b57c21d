import { createRequire } from 'node:module'
import { badRequest } from '../../contract/errors.ts'
import type { Position } from '../../database/pagination.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { StockRangeRow } from './store.ts'

const require = createRequire(import.meta.url)
/** Loaded on first use, because the world's numbering plans are large. */
const numberingPlans = () => require('libphonenumber-js/max') as typeof import('libphonenumber-js/max')

/** The country and type of a number according to the numbering plan, whether or not it is in use. */
export function describeNumber(phoneNumber: string): Pick<Row<'phone_numbers'>, 'country' | 'type'> {
  const parsed = numberingPlans().parsePhoneNumberFromString(phoneNumber)
  // Unallocated +1 numbers are treated as US numbers; they will not be in stock.
  const country = parsed?.country ?? (phoneNumber.startsWith('+1') ? 'US' : 'ZZ')
  return { country, type: parsed?.getType() === 'TOLL_FREE' ? 'TollFree' : 'Local' }
}

const rangeAtMost = 10_000

/** The numbers of an inclusive range. */
export function expandRange(first: string, last: string): string[] {
  const [from, to] = [BigInt(first.slice(1)), BigInt(last.slice(1))]
  if (first.length !== last.length || to < from)
    throw badRequest('LastE164PhoneNumber must not come before FirstE164PhoneNumber, and have as many digits')
  if (to - from >= BigInt(rangeAtMost)) throw badRequest(`A range may hold ${rangeAtMost} numbers at most`)
  return Array.from({ length: Number(to - from) + 1 }, (_, index) => `+${from + BigInt(index)}`)
}

/** A new row of stock. */
export function newStock(phoneNumber: string, city: string | undefined, state: string | undefined): Row<'stock'> {
  const { country, type } = describeNumber(phoneNumber)
  if (country === 'ZZ') throw badRequest('Every number must belong to a country')
  return {
    phone_number: phoneNumber,
    country,
    type,
    area_code: phoneNumber.startsWith('+1') ? phoneNumber.slice(2, 5) : null,
    city_key: city?.toLowerCase() ?? null,
    state_key: state?.toLowerCase() ?? null,
    available: 1,
  }
}

/** Ordered by country, type and area code. */
export const selectRanges = (ranges: readonly StockRangeRow[], country: string | undefined): StockRangeRow[] =>
  ranges
    .filter((range) => country === undefined || range.country === country)
    .toSorted((one, other) => (isAfter(one, positionOf(other)) ? 1 : -1))

export const positionOf = ({ country, type, area_code }: StockRangeRow): Position => [
  `${country} ${type}`,
  area_code ?? '',
]

export function isAfter(range: StockRangeRow, position: Position | undefined): boolean {
  if (!position) return true
  const [kind, area] = positionOf(range)
  return kind === position[0] ? area > position[1] : kind > position[0]
}
