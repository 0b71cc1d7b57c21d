import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  Alpha2CountryCode,
  Boolean,
  CallingName,
  CallingNameStatus,
  E164PhoneNumber,
  ErrorCode,
  NextToken,
  NonEmptyString,
  PhoneNumberAssociationName,
  PhoneNumberProductType,
  PhoneNumberStatus,
  PhoneNumberType,
  ResultMax,
  Text,
  Timestamp,
  list,
  optional,
  structure,
} from '../../contract/shapes.ts'

export const PhoneNumberCapabilities = structure({
  InboundCall: Boolean,
  OutboundCall: Boolean,
  InboundSMS: Boolean,
  OutboundSMS: Boolean,
  InboundMMS: Boolean,
  OutboundMMS: Boolean,
})
export const PhoneNumberAssociation = structure({
  Value: Text,
  Name: PhoneNumberAssociationName,
  AssociatedTimestamp: Timestamp,
})
export const PhoneNumber = structure({
  PhoneNumberId: Text,
  E164PhoneNumber,
  Country: Alpha2CountryCode,
  Type: PhoneNumberType,
  ProductType: PhoneNumberProductType,
  Status: PhoneNumberStatus,
  Capabilities: PhoneNumberCapabilities,
  Associations: list(PhoneNumberAssociation),
  CallingName,
  CallingNameStatus,
  CreatedTimestamp: Timestamp,
  UpdatedTimestamp: Timestamp,
  DeletionTimestamp: Timestamp,
})
export const UpdatePhoneNumberRequestItem = structure({
  PhoneNumberId: NonEmptyString,
  ProductType: optional(PhoneNumberProductType),
  CallingName: optional(CallingName),
})
export const PhoneNumberError = structure({ PhoneNumberId: NonEmptyString, ErrorCode, ErrorMessage: Text })
export const PhoneNumberCountry = structure({
  CountryCode: Alpha2CountryCode,
  SupportedPhoneNumberTypes: list(PhoneNumberType),
})

export const contract = {
  AssociatePhoneNumberWithUser: operation({
    http: 'POST /accounts/{AccountId}/users/{UserId}?operation=associate-phone-number',
    input: { AccountId: NonEmptyString, UserId: NonEmptyString, E164PhoneNumber },
    output: {},
    errors: [...common, 'AccessDeniedException', 'NotFoundException', 'ThrottledClientException'],
  }),
  DisassociatePhoneNumberFromUser: operation({
    http: 'POST /accounts/{AccountId}/users/{UserId}?operation=disassociate-phone-number',
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  GetPhoneNumber: operation({
    http: 'GET /phone-numbers/{PhoneNumberId}',
    input: { PhoneNumberId: NonEmptyString },
    output: { PhoneNumber },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListPhoneNumbers: operation({
    http: 'GET /phone-numbers?status={Status}&product-type={ProductType}&filter-name={FilterName}&filter-value={FilterValue}&max-results={MaxResults}&next-token={NextToken}',
    input: {
      Status: optional(PhoneNumberStatus),
      ProductType: optional(PhoneNumberProductType),
      FilterName: optional(PhoneNumberAssociationName),
      FilterValue: optional(Text),
      MaxResults: optional(ResultMax),
      NextToken: optional(NextToken),
    },
    output: { PhoneNumbers: list(PhoneNumber), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  UpdatePhoneNumber: operation({
    http: 'POST /phone-numbers/{PhoneNumberId}',
    input: {
      PhoneNumberId: NonEmptyString,
      ProductType: optional(PhoneNumberProductType),
      CallingName: optional(CallingName),
    },
    output: { PhoneNumber },
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  DeletePhoneNumber: operation({
    http: 'DELETE /phone-numbers/{PhoneNumberId}',
    status: 204,
    input: { PhoneNumberId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  RestorePhoneNumber: operation({
    http: 'POST /phone-numbers/{PhoneNumberId}?operation=restore',
    input: { PhoneNumberId: NonEmptyString },
    output: { PhoneNumber },
    errors: [...common, 'NotFoundException', 'ResourceLimitExceededException', 'ThrottledClientException'],
  }),
  BatchUpdatePhoneNumber: operation({
    http: 'POST /phone-numbers?operation=batch-update',
    input: { UpdatePhoneNumberRequestItems: list(UpdatePhoneNumberRequestItem, { min: 1, max: 50 }) },
    output: { PhoneNumberErrors: list(PhoneNumberError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  BatchDeletePhoneNumber: operation({
    http: 'POST /phone-numbers?operation=batch-delete',
    input: { PhoneNumberIds: list(Text, { min: 1, max: 50 }) },
    output: { PhoneNumberErrors: list(PhoneNumberError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListSupportedPhoneNumberCountries: operation({
    http: 'GET /phone-number-countries?product-type={ProductType}',
    input: { ProductType: PhoneNumberProductType },
    output: { PhoneNumberCountries: list(PhoneNumberCountry) },
    errors: [...common, 'AccessDeniedException', 'ThrottledClientException'],
  }),
}
