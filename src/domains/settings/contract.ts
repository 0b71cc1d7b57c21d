import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { differs, documented, inferred } from '../../contract/provenance.ts'
import { CallingName, Text, Timestamp, optional, structure } from '../../contract/shapes.ts'

export const BusinessCallingSettings = structure({ CdrBucket: optional(Text) })
export const VoiceConnectorSettings = structure({ CdrBucket: optional(Text) })

export const contract = {
  GetGlobalSettings: operation({
    http: 'GET /settings',
    input: {},
    output: { BusinessCalling: BusinessCallingSettings, VoiceConnector: VoiceConnectorSettings },
    errors: [...common, 'ThrottledClientException'],
    rules: [
      documented('The settings belong to the AWS account, not to one of its Chime accounts.'),
      inferred('Both structures are always there; a bucket that is not set is null.'),
    ],
  }),
  UpdateGlobalSettings: operation({
    http: 'PUT /settings',
    status: 204,
    input: { BusinessCalling: optional(BusinessCallingSettings), VoiceConnector: optional(VoiceConnectorSettings) },
    output: {},
    errors: [...common, 'ThrottledClientException'],
    rules: [
      inferred(
        'A structure that is absent stays as it is; one without a bucket, or with an empty one, switches it off.',
      ),
      differs('The bucket need not exist, and no call records are written to it.'),
    ],
  }),
  GetPhoneNumberSettings: operation({
    http: 'GET /settings/phone-number',
    input: {},
    output: { CallingName, CallingNameUpdatedTimestamp: Timestamp },
    errors: [...common, 'ThrottledClientException'],
    rules: [
      documented('One default calling name for the AWS account and all its product types.'),
      inferred('Name and time are null before the first update; the default is not copied into the numbers.'),
    ],
  }),
  UpdatePhoneNumberSettings: operation({
    http: 'PUT /settings/phone-number',
    status: 204,
    input: { CallingName },
    output: {},
    errors: [...common, 'ThrottledClientException'],
    rules: [
      documented('One change in seven days (BELFRY_CALLING_NAME_INTERVAL_DAYS); the empty name clears it.'),
      inferred('Too early is BadRequestException; the name that is set already is answered 204 and changes nothing.'),
    ],
  }),
}
