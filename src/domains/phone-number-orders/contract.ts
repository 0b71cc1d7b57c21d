import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { differs, documented, inferred, observed } from '../../contract/provenance.ts'
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
    rules: [
      documented(
        'In the US (the default) an area code, a state, a city with its state, or a toll-free prefix is needed; abroad the type, and only that counts.',
      ),
      documented('100 to a page unless told.'),
      observed(
        'A search without what it needs is BadRequestException, `Service received a bad request`; Belfry adds the reason.',
      ),
      observed(
        'An AWS account in BELFRY_RESTRICTED_AWS_ACCOUNTS is AccessDeniedException, `Service is restricted for AWSAccountId …`.',
      ),
      inferred('All filters must match, in any case; nothing found is an empty list; looking reserves nothing.'),
      inferred(
        'An area code that is not three digits, or a toll-free prefix with type Local or another area code, is BadRequestException.',
      ),
      differs('Finds what the operator put into the stock with AddStock, not what a carrier has.'),
    ],
  }),
  CreatePhoneNumberOrder: operation({
    http: 'POST /phone-number-orders',
    status: 201,
    input: { ProductType: PhoneNumberProductType, E164PhoneNumbers: list(E164PhoneNumber, { min: 1, max: 50 }) },
    output: { PhoneNumberOrder },
    errors: [...common, 'AccessDeniedException', 'ResourceLimitExceededException', 'ThrottledClientException'],
    rules: [
      documented(
        'Answers at once with every number Processing; toll-free numbers and those from abroad have the rules of UpdatePhoneNumber.',
      ),
      documented(
        '25 numbers per AWS account unless BELFRY_PHONE_NUMBER_QUOTA says otherwise; an order is Partial if only some numbers came.',
      ),
      inferred(
        'Broken rules are BadRequestException, too many numbers ResourceLimitExceededException; the deletion queue counts.',
      ),
      inferred(
        '1 to 50 numbers, repeats collapse; a number that is taken or not in stock becomes Failed, and so does an order without any other.',
      ),
      inferred('An AWS account in BELFRY_RESTRICTED_AWS_ACCOUNTS is AccessDeniedException.'),
      differs('Done after BELFRY_ORDER_DELAY_MS, two seconds; in the published samples it took about ten.'),
    ],
  }),
  GetPhoneNumberOrder: operation({
    http: 'GET /phone-number-orders/{PhoneNumberOrderId}',
    input: { PhoneNumberOrderId: GuidString },
    output: { PhoneNumberOrder },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('The id must be a GUID; an unknown one is NotFoundException.'),
      inferred('Its letters may be in either case.'),
    ],
  }),
  ListPhoneNumberOrders: operation({
    http: 'GET /phone-number-orders?next-token={NextToken}&max-results={MaxResults}',
    input: { NextToken: optional(NextToken), MaxResults: optional(ResultMax) },
    output: { PhoneNumberOrders: list(PhoneNumberOrder), NextToken },
    errors: [...common, 'ThrottledClientException'],
    rules: [
      documented('Lists the orders of the AWS account.'),
      inferred('Newest first; 99 to a page, the most there may be, for the default is not published.'),
    ],
  }),
}
