import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { differs, documented, inferred, observed } from '../../contract/provenance.ts'
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
    rules: [
      documented(
        'Account and user must exist; the number must be in the inventory, Unassigned and BusinessCalling; the answer is `{}`.',
      ),
      observed(
        'An AWS account in BELFRY_RESTRICTED_AWS_ACCOUNTS is AccessDeniedException, in words seen on SearchAvailablePhoneNumbers.',
      ),
      inferred(
        'A number that is taken, or a user who has another, is BadRequestException, for the model has no ConflictException here.',
      ),
      inferred(
        'Repeating it changes nothing; of several calls at once one wins; nothing is ever taken from its holder.',
      ),
      inferred(
        'Account type, license, user type and registration do not matter; a suspended user is BadRequestException.',
      ),
    ],
  }),
  DisassociatePhoneNumberFromUser: operation({
    http: 'POST /accounts/{AccountId}/users/{UserId}?operation=disassociate-phone-number',
    input: { AccountId: NonEmptyString, UserId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented(
        'Takes no number, but removes the one the user has, which stays in the inventory as BusinessCalling; the answer is `{}`.',
      ),
      inferred('A user without a number is NotFoundException; a suspended user may lose theirs.'),
      inferred("Afterwards the number is Unassigned without associations, and the user's telephony settings are off."),
    ],
  }),
  GetPhoneNumber: operation({
    http: 'GET /phone-numbers/{PhoneNumberId}',
    input: { PhoneNumberId: NonEmptyString },
    output: { PhoneNumber },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented(
        '`PhoneNumberId` is answered percent-encoded, as `%2B12065550100`; local numbers have all six capabilities.',
      ),
      inferred('Ids are taken as `%2B1206…`, `+1206…` and `1206…`; what can be no number is NotFoundException.'),
      inferred(
        'An assigned number has two associations, AccountId and UserId, of the same time; toll-free numbers lack SMS and MMS.',
      ),
      inferred(
        'In the deletion queue a number is ReleaseInProgress, with the time of its deletion; after that it is not found.',
      ),
    ],
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
    rules: [
      documented('Filters by status, by product type, and by `filter-name` with `filter-value`.'),
      inferred(
        'All filters given must match; one of the pair without the other is BadRequestException, an unknown value an empty list.',
      ),
      inferred(
        '99 to a page, the most there may be, for the default is not published; oldest first, the deletion queue included.',
      ),
      differs('No number is ever with a Voice Connector or a SIP rule, so those filters find nothing.'),
    ],
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
    rules: [
      documented(
        'Takes one of product type and calling name; the former changes only while the number is Unassigned, the latter is cleared by `""`.',
      ),
      documented(
        'Toll-free numbers are never BusinessCalling, numbers from abroad always SipMediaApplicationDialIn; Puerto Rico is not abroad.',
      ),
      documented('While a calling name is pending no other is taken.'),
      inferred('That is ConflictException; all else is BadRequestException, also for a number on its way in or out.'),
      inferred('The product type it has already changes nothing; a cleared name is null, with status Unassigned.'),
      differs(
        'A name is UpdateInProgress for BELFRY_CALLING_NAME_DELAY_MS, not up to 72 hours; the samples show UpdateSucceeded.',
      ),
    ],
  }),
  DeletePhoneNumber: operation({
    http: 'DELETE /phone-numbers/{PhoneNumberId}',
    status: 204,
    input: { PhoneNumberId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented(
        "The number must be with nobody; it can be restored for seven days (BELFRY_DELETION_QUEUE_DAYS) and then is anybody's again.",
      ),
      inferred('An associated number is BadRequestException with the `Code` PhoneNumberAssociationsExist.'),
      inferred('A number in the deletion queue is answered 204 again, and its time stays.'),
      inferred('A number still on its way is BadRequestException; one that never came leaves at once.'),
    ],
  }),
  RestorePhoneNumber: operation({
    http: 'POST /phone-numbers/{PhoneNumberId}?operation=restore',
    input: { PhoneNumberId: NonEmptyString },
    output: { PhoneNumber },
    errors: [...common, 'NotFoundException', 'ResourceLimitExceededException', 'ThrottledClientException'],
    rules: [
      documented(
        'The number is Unassigned again without a deletion time; product type and calling name are kept, `UpdatedTimestamp` moves.',
      ),
      inferred(
        'A number outside the deletion queue is BadRequestException; one that was never there, or was purged, NotFoundException.',
      ),
      inferred(
        'ResourceLimitExceededException where the AWS account has more numbers than its quota, the deletion queue included.',
      ),
    ],
  }),
  BatchUpdatePhoneNumber: operation({
    http: 'POST /phone-numbers?operation=batch-update',
    input: { UpdatePhoneNumberRequestItems: list(UpdatePhoneNumberRequestItem, { min: 1, max: 50 }) },
    output: { PhoneNumberErrors: list(PhoneNumberError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Up to 50 numbers; refusals come in `PhoneNumberErrors` with status 200, empty when there are none.'),
      inferred(
        'An unknown number is NotFound, a pending name Conflict, an assigned number PhoneNumberAssociationsExist, both members or neither BadRequest.',
      ),
      inferred('Items are applied in order; ids are echoed as they were sent; an empty list is BadRequestException.'),
    ],
  }),
  BatchDeletePhoneNumber: operation({
    http: 'POST /phone-numbers?operation=batch-delete',
    input: { PhoneNumberIds: list(Text, { min: 1, max: 50 }) },
    output: { PhoneNumberErrors: list(PhoneNumberError) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('1 to 50 numbers; refusals come in `PhoneNumberErrors` with status 200, empty when there are none.'),
      inferred(
        'An unknown number is NotFound, an associated one PhoneNumberAssociationsExist; ids are echoed as they were sent.',
      ),
    ],
  }),
  ListSupportedPhoneNumberCountries: operation({
    http: 'GET /phone-number-countries?product-type={ProductType}',
    input: { ProductType: PhoneNumberProductType },
    output: { PhoneNumberCountries: list(PhoneNumberCountry) },
    errors: [...common, 'AccessDeniedException', 'ThrottledClientException'],
    rules: [
      documented(
        'The countries follow from the rules for product types, and for SipMediaApplicationDialIn from the list in the guide.',
      ),
      inferred(
        'BusinessCalling: local numbers of the US and Puerto Rico; VoiceConnector: toll-free ones too; abroad only local ones are named.',
      ),
      inferred('An AWS account in BELFRY_RESTRICTED_AWS_ACCOUNTS is AccessDeniedException.'),
    ],
  }),
}
