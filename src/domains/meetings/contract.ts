import { common } from '../../contract/errors.ts'
import { differs, documented, inferred, observed } from '../../contract/provenance.ts'
import { operation } from '../../contract/operation.ts'
import { E164PhoneNumber, GuidString, JoinToken } from '../../contract/shapes.ts'

export const contract = {
  CreateMeetingDialOut: operation({
    http: 'POST /meetings/{MeetingId}/dial-outs',
    status: 201,
    input: { MeetingId: GuidString, FromPhoneNumber: E164PhoneNumber, ToPhoneNumber: E164PhoneNumber, JoinToken },
    output: { TransactionId: GuidString },
    errors: [...common, 'AccessDeniedException', 'ResourceLimitExceededException', 'ThrottledClientException'],
    rules: [
      documented("The number that calls must be the caller's own; a policy may name the meeting, as `meeting/<id>`."),
      observed('A meeting that is over is ForbiddenException.'),
      inferred(
        'So is an unknown meeting, a token that is not for it, and a number outside the inventory, for NotFoundException is not modelled.',
      ),
      inferred(
        'A number on its way in or out is BadRequestException; BELFRY_RESTRICTED_AWS_ACCOUNTS are AccessDeniedException.',
      ),
      differs(
        'Nobody is called: where all is well the answer is ServiceUnavailableException, and what was asked for stays on record.',
      ),
    ],
  }),
}
