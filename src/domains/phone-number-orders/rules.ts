import { badRequest } from '../../contract/errors.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { StockFilter } from '../stock/store.ts'

export interface SearchInput {
  Country: string | undefined
  AreaCode: string | undefined
  City: string | undefined
  State: string | undefined
  TollFreePrefix: string | undefined
  PhoneNumberType: 'Local' | 'TollFree' | undefined
}

/** Which filters can be combined depends on the country. [documented] */
export function readSearch(input: SearchInput): StockFilter {
  const country = input.Country ?? 'US'
  return country === 'US' ? readAmericanSearch(input) : readForeignSearch(country, input)
}

function readAmericanSearch(input: SearchInput): StockFilter {
  assertAmericanSearch(input)
  const { AreaCode, City, State, TollFreePrefix, PhoneNumberType } = input
  return {
    country: 'US',
    type: TollFreePrefix === undefined ? PhoneNumberType : 'TollFree',
    areaCode: TollFreePrefix ?? AreaCode,
    city: City?.toLowerCase(),
    state: State?.toLowerCase(),
  }
}

function assertAmericanSearch({ AreaCode, City, State, TollFreePrefix, PhoneNumberType }: SearchInput) {
  const faults: readonly (readonly [boolean, string])[] = [
    [(AreaCode ?? City ?? State ?? TollFreePrefix) === undefined, 'AreaCode, City, State or TollFreePrefix is needed'],
    [City !== undefined && State === undefined, 'City needs State'],
    [!/^\d{3}$/.test(AreaCode ?? '000'), 'AreaCode must be three digits'],
    [
      TollFreePrefix !== undefined && PhoneNumberType === 'Local',
      'TollFreePrefix does not go with PhoneNumberType Local',
    ],
    [(TollFreePrefix ?? AreaCode) !== (AreaCode ?? TollFreePrefix), 'TollFreePrefix and AreaCode exclude each other'],
  ]
  const fault = faults.find(([applies]) => applies)
  if (fault) throw refuse(fault[1])
}

/** Only the type is honoured in addition to the country. */
function readForeignSearch(country: string, { PhoneNumberType }: SearchInput): StockFilter {
  if (PhoneNumberType === undefined) throw refuse('PhoneNumberType is needed outside the United States')
  return { country, type: PhoneNumberType, areaCode: undefined, city: undefined, state: undefined }
}

/** The prefix of the message was observed in public. */
const refuse = (reason: string) => badRequest(`Service received a bad request: ${reason}`)

export function orderStatus(acquired: number, ordered: number): Row<'phone_number_orders'>['status'] {
  if (acquired === 0) return 'Failed'
  return acquired === ordered ? 'Successful' : 'Partial'
}
