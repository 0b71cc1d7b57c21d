import { createRequire } from 'node:module'
import { badRequest } from '../../contract/errors.ts'
import type { Row } from '../../database/schema/tables.ts'

const require = createRequire(import.meta.url)
/** Loaded when it is first asked: the numbering plans of the world are long. */
const numberingPlans = () => require('libphonenumber-js/max') as typeof import('libphonenumber-js/max')

/** What the numbering plan says of a number, whether anybody has it or not. */
export function describeNumber(phoneNumber: string): Pick<Row<'phone_numbers'>, 'country' | 'type'> {
  const parsed = numberingPlans().parsePhoneNumberFromString(phoneNumber)
  // Numbers of +1 that are in no plan yet are taken for American, and simply will not be in stock.
  const country = parsed?.country ?? (phoneNumber.startsWith('+1') ? 'US' : 'ZZ')
  return { country, type: parsed?.getType() === 'TOLL_FREE' ? 'TollFree' : 'Local' }
}

const rangeAtMost = 10_000

/** The numbers of a range, both ends included. */
export function expandRange(first: string, last: string): string[] {
  const [from, to] = [BigInt(first.slice(1)), BigInt(last.slice(1))]
  if (first.length !== last.length || to < from)
    throw badRequest('LastE164PhoneNumber must not come before FirstE164PhoneNumber, and have as many digits')
  if (to - from >= BigInt(rangeAtMost)) throw badRequest(`A range may hold ${rangeAtMost} numbers at most`)
  return Array.from({ length: Number(to - from) + 1 }, (_, index) => `+${from + BigInt(index)}`)
}

/** A number as it goes into stock. */
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
