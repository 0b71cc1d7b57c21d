import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  Alpha2CountryCode,
  Count,
  E164PhoneNumber,
  NextToken,
  PhoneNumberType,
  ResultMax,
  Text,
  list,
  optional,
  structure,
  text,
} from '../../contract/shapes.ts'

/** Long enough for any place name, and in any script within the 2,700 bytes that a PostgreSQL index entry can hold. */
const PlaceName = text({ max: 128 })

/** Numbers of one country, type and area code. */
export const StockRange = structure({
  Country: Alpha2CountryCode,
  Type: PhoneNumberType,
  AreaCode: Text,
  Total: Count,
  Available: Count,
})

export const belfry = {
  /** By list, or by the first and last number of a range; numbers already in stock are skipped. */
  AddStock: operation({
    http: 'POST /belfry/stock',
    input: {
      E164PhoneNumbers: optional(list(E164PhoneNumber, { min: 1, max: 1000 })),
      FirstE164PhoneNumber: optional(E164PhoneNumber),
      LastE164PhoneNumber: optional(E164PhoneNumber),
      City: optional(PlaceName),
      State: optional(PlaceName),
    },
    output: { Added: Count, Skipped: Count },
    errors: [...common, 'ThrottledClientException'],
  }),
  ListStock: operation({
    http: 'GET /belfry/stock?country={Country}&max-results={MaxResults}&next-token={NextToken}',
    input: {
      Country: optional(Alpha2CountryCode),
      MaxResults: optional(ResultMax),
      NextToken: optional(NextToken),
    },
    output: { StockRanges: list(StockRange), NextToken },
    errors: [...common, 'ThrottledClientException'],
  }),
  /** Removes numbers without an owner. A number whose acquisition is pending will fail to be acquired. */
  WithdrawStock: operation({
    http: 'POST /belfry/stock?operation=withdraw',
    input: { E164PhoneNumbers: list(E164PhoneNumber, { min: 1, max: 1000 }) },
    output: { Withdrawn: Count, Skipped: Count },
    errors: [...common, 'ThrottledClientException'],
  }),
}
