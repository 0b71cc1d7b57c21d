import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  Boolean,
  MemberType,
  NextToken,
  NonEmptyString,
  ResultMax,
  RetentionDays,
  Timestamp,
  list,
  optional,
  sensitive,
  structure,
  text,
} from '../../contract/shapes.ts'

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

/** 4 KB, as the original's webhooks took. [documented for webhooks] */
const MessageContent = sensitive(text({ min: 1, max: 4096 }))

export const Message = structure({
  MessageId: NonEmptyString,
  SenderId: NonEmptyString,
  SenderType: MemberType,
  Content: MessageContent,
  Redacted: Boolean,
  CreatedTimestamp: Timestamp,
})
export const Conversation = structure({
  ConversationId: NonEmptyString,
  MemberIds: list(NonEmptyString),
  CreatedTimestamp: Timestamp,
})

export const belfry = {
  /** A member of the room says something. */
  PostRoomMessage: operation({
    http: 'POST /belfry/accounts/{AccountId}/rooms/{RoomId}/messages',
    status: 201,
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString, SenderId: NonEmptyString, Content: MessageContent },
    output: { Message },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListRoomMessages: operation({
    http: 'GET /belfry/accounts/{AccountId}/rooms/{RoomId}/messages?max-results={MaxResults}&next-token={NextToken}',
    input: {
      AccountId: NonEmptyString,
      RoomId: NonEmptyString,
      MaxResults: optional(ResultMax),
      NextToken: optional(NextToken),
    },
    output: { Messages: list(Message), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  /** Between two or more users of the account. */
  CreateConversation: operation({
    http: 'POST /belfry/accounts/{AccountId}/conversations',
    status: 201,
    input: { AccountId: NonEmptyString, MemberIds: list(NonEmptyString, { min: 2, max: 50 }) },
    output: { Conversation },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  PostConversationMessage: operation({
    http: 'POST /belfry/accounts/{AccountId}/conversations/{ConversationId}/messages',
    status: 201,
    input: {
      AccountId: NonEmptyString,
      ConversationId: NonEmptyString,
      SenderId: NonEmptyString,
      Content: MessageContent,
    },
    output: { Message },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListConversationMessages: operation({
    http: 'GET /belfry/accounts/{AccountId}/conversations/{ConversationId}/messages?max-results={MaxResults}&next-token={NextToken}',
    input: {
      AccountId: NonEmptyString,
      ConversationId: NonEmptyString,
      MaxResults: optional(ResultMax),
      NextToken: optional(NextToken),
    },
    output: { Messages: list(Message), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}
