import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { NonEmptyString, RetentionDays, Timestamp, optional, structure } from '../../contract/shapes.ts'

export const RoomRetentionSettings = structure({ RetentionDays: optional(RetentionDays) })
export const ConversationRetentionSettings = structure({ RetentionDays: optional(RetentionDays) })
export const RetentionSettings = structure({
  RoomRetentionSettings: optional(RoomRetentionSettings),
  ConversationRetentionSettings: optional(ConversationRetentionSettings),
})

export const contract = {
  RedactRoomMessage: operation({
    http: 'POST /accounts/{AccountId}/rooms/{RoomId}/messages/{MessageId}?operation=redact',
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString, MessageId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  RedactConversationMessage: operation({
    http: 'POST /accounts/{AccountId}/conversations/{ConversationId}/messages/{MessageId}?operation=redact',
    input: { AccountId: NonEmptyString, ConversationId: NonEmptyString, MessageId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  GetRetentionSettings: operation({
    http: 'GET /accounts/{AccountId}/retention-settings',
    input: { AccountId: NonEmptyString },
    output: { RetentionSettings, InitiateDeletionTimestamp: Timestamp },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  PutRetentionSettings: operation({
    http: 'PUT /accounts/{AccountId}/retention-settings',
    status: 204,
    input: { AccountId: NonEmptyString, RetentionSettings },
    output: { RetentionSettings, InitiateDeletionTimestamp: Timestamp },
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
}
