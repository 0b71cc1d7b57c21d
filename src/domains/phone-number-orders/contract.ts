import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  Alpha2CountryCode,
  E164PhoneNumber,
  GuidString,
  NextToken,
  OrderedPhoneNumberStatus,
  PhoneNumberMaxResults,
  PhoneNumberOrderStatus,
  PhoneNumberProductType,
  PhoneNumberType,
  ResultMax,
  Text,
  Timestamp,
  TollFreePrefix,
  list,
  optional,
  structure,
} from '../../contract/shapes.ts'

export const OrderedPhoneNumber = structure({ E164PhoneNumber, Status: OrderedPhoneNumberStatus })
export const PhoneNumberOrder = structure({
  PhoneNumberOrderId: GuidString,
  ProductType: PhoneNumberProductType,
  Status: PhoneNumberOrderStatus,
  OrderedPhoneNumbers: list(OrderedPhoneNumber),
  CreatedTimestamp: Timestamp,
  UpdatedTimestamp: Timestamp,
})

export const contract = {
  SearchAvailablePhoneNumbers: operation({
    http: 'GET /search?type=phone-numbers&area-code={AreaCode}&city={City}&country={Country}&state={State}&toll-free-prefix={TollFreePrefix}&phone-number-type={PhoneNumberType}&max-results={MaxResults}&next-token={NextToken}',
    input: {
      AreaCode: optional(Text),
      City: optional(Text),
      Country: optional(Alpha2CountryCode),
      State: optional(Text),
      TollFreePrefix: optional(TollFreePrefix),
      PhoneNumberType: optional(PhoneNumberType),
      MaxResults: optional(PhoneNumberMaxResults),
      NextToken: optional(NextToken),
    },
    output: { E164PhoneNumbers: list(E164PhoneNumber), NextToken },
    errors: [...common, 'AccessDeniedException', 'ThrottledClientException'],
  }),
  CreatePhoneNumberOrder: operation({
    http: 'POST /phone-number-orders',
    status: 201,
    input: { ProductType: PhoneNumberProductType, E164PhoneNumbers: list(E164PhoneNumber, { min: 1, max: 50 }) },
    output: { PhoneNumberOrder },
    errors: [...common, 'AccessDeniedException', 'ResourceLimitExceededException', 'ThrottledClientException'],
  }),
  GetPhoneNumberOrder: operation({
    http: 'GET /phone-number-orders/{PhoneNumberOrderId}',
    input: { PhoneNumberOrderId: GuidString },
    output: { PhoneNumberOrder },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListPhoneNumberOrders: operation({
    http: 'GET /phone-number-orders?next-token={NextToken}&max-results={MaxResults}',
    input: { NextToken: optional(NextToken), MaxResults: optional(ResultMax) },
    output: { PhoneNumberOrders: list(PhoneNumberOrder), NextToken },
    errors: [...common, 'ThrottledClientException'],
  }),
}
