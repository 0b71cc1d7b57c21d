import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { E164PhoneNumber, GuidString, JoinToken } from '../../contract/shapes.ts'

export const contract = {
  CreateMeetingDialOut: operation({
    http: 'POST /meetings/{MeetingId}/dial-outs',
    status: 201,
    input: { MeetingId: GuidString, FromPhoneNumber: E164PhoneNumber, ToPhoneNumber: E164PhoneNumber, JoinToken },
    output: { TransactionId: GuidString },
    errors: [...common, 'AccessDeniedException', 'ResourceLimitExceededException', 'ThrottledClientException'],
  }),
}
