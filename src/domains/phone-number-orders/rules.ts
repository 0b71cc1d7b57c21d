import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { badRequest } from '../../contract/errors.ts'
import type { Row } from '../../database/tables.ts'
import type { StockFilter } from '../stock/store.ts'

/** What the numbering plan says of a number, whether anybody has it or not. */
export function describeNumber(phoneNumber: string): Pick<Row<'phone_numbers'>, 'country' | 'type'> {
  const parsed = parsePhoneNumberFromString(phoneNumber)
  // Numbers of +1 that are in no plan yet are taken for American, and simply will not be in stock.
  const country = parsed?.country ?? (phoneNumber.startsWith('+1') ? 'US' : 'ZZ')
  return { country, type: parsed?.getType() === 'TOLL_FREE' ? 'TollFree' : 'Local' }
}

export interface SearchInput {
  Country: string | undefined
  AreaCode: string | undefined
  City: string | undefined
  State: string | undefined
  TollFreePrefix: string | undefined
  PhoneNumberType: 'Local' | 'TollFree' | undefined
}

/** Which filters go together depends on the country. [documented] */
export function readSearch(input: SearchInput): StockFilter {
  const country = input.Country ?? 'US'
  return country === 'US' ? readAmericanSearch(input) : readForeignSearch(country, input)
}

function readAmericanSearch({ AreaCode, City, State, TollFreePrefix, PhoneNumberType }: SearchInput): StockFilter {
  if ([AreaCode, City, State, TollFreePrefix].every((filter) => filter === undefined))
    throw refuse('at least one of AreaCode, City, State and TollFreePrefix is needed')
  if (City !== undefined && State === undefined) throw refuse('City needs State')
  if (AreaCode !== undefined && !/^\d{3}$/.test(AreaCode)) throw refuse('AreaCode must be three digits')
  if (TollFreePrefix !== undefined && PhoneNumberType === 'Local')
    throw refuse('TollFreePrefix does not go with PhoneNumberType Local')
  if (TollFreePrefix !== undefined && AreaCode !== undefined && AreaCode !== TollFreePrefix)
    throw refuse('TollFreePrefix and AreaCode exclude each other')
  return {
    country: 'US',
    type: TollFreePrefix === undefined ? PhoneNumberType : 'TollFree',
    areaCode: TollFreePrefix ?? AreaCode,
    city: City?.toLowerCase(),
    state: State?.toLowerCase(),
  }
}

/** The type is the only other filter that is honoured. */
function readForeignSearch(country: string, { PhoneNumberType }: SearchInput): StockFilter {
  if (PhoneNumberType === undefined) throw refuse('PhoneNumberType is needed outside the United States')
  return { country, type: PhoneNumberType, areaCode: undefined, city: undefined, state: undefined }
}

/** Begins with the text that was observed in public. */
const refuse = (reason: string) => badRequest(`Service received a bad request: ${reason}`)

export function orderStatus(acquired: number, ordered: number): Row<'phone_number_orders'>['status'] {
  if (acquired === 0) return 'Failed'
  return acquired === ordered ? 'Successful' : 'Partial'
}
