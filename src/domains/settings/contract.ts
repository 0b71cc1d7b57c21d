import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { CallingName, Text, Timestamp, optional, structure } from '../../contract/shapes.ts'

export const BusinessCallingSettings = structure({ CdrBucket: optional(Text) })
export const VoiceConnectorSettings = structure({ CdrBucket: optional(Text) })

export const contract = {
  GetGlobalSettings: operation({
    http: 'GET /settings',
    input: {},
    output: { BusinessCalling: BusinessCallingSettings, VoiceConnector: VoiceConnectorSettings },
    errors: [...common, 'ThrottledClientException'],
  }),
  UpdateGlobalSettings: operation({
    http: 'PUT /settings',
    status: 204,
    input: { BusinessCalling: optional(BusinessCallingSettings), VoiceConnector: optional(VoiceConnectorSettings) },
    output: {},
    errors: [...common, 'ThrottledClientException'],
  }),
  GetPhoneNumberSettings: operation({
    http: 'GET /settings/phone-number',
    input: {},
    output: { CallingName, CallingNameUpdatedTimestamp: Timestamp },
    errors: [...common, 'ThrottledClientException'],
  }),
  UpdatePhoneNumberSettings: operation({
    http: 'PUT /settings/phone-number',
    status: 204,
    input: { CallingName },
    output: {},
    errors: [...common, 'ThrottledClientException'],
  }),
}
