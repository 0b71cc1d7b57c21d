import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { differs, documented, inferred } from '../../contract/provenance.ts'
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
    rules: [
      documented('Hides the message for good; for Enterprise accounts.'),
      inferred(
        'Redacting once more is answered 200; an unknown room or message is NotFoundException, a Team account BadRequestException.',
      ),
      differs('The content is deleted, not only hidden; messages come from PostRoomMessage, for there is no client.'),
    ],
  }),
  RedactConversationMessage: operation({
    http: 'POST /accounts/{AccountId}/conversations/{ConversationId}/messages/{MessageId}?operation=redact',
    input: { AccountId: NonEmptyString, ConversationId: NonEmptyString, MessageId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Hides the message for good; for Enterprise accounts.'),
      inferred(
        'Redacting once more is answered 200; an unknown conversation or message is NotFoundException, a Team account BadRequestException.',
      ),
      differs(
        'The content is deleted, not only hidden; messages come from PostConversationMessage, for there is no client.',
      ),
    ],
  }),
  GetRetentionSettings: operation({
    http: 'GET /accounts/{AccountId}/retention-settings',
    input: { AccountId: NonEmptyString },
    output: { RetentionSettings, InitiateDeletionTimestamp: Timestamp },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('For Enterprise accounts; a period that is off has no RetentionDays.'),
      inferred(
        'Both structures are always there; never set, both periods and `InitiateDeletionTimestamp` are null; a Team account is BadRequestException.',
      ),
    ],
  }),
  PutRetentionSettings: operation({
    http: 'PUT /accounts/{AccountId}/retention-settings',
    status: 204,
    input: { AccountId: NonEmptyString, RetentionSettings },
    output: { RetentionSettings, InitiateDeletionTimestamp: Timestamp },
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
    rules: [
      documented(
        '1 to 5,475 days, for rooms and conversations apart; older messages are hidden, and deleted after thirty days of grace.',
      ),
      documented('A longer period, or none, shows hidden messages again while they are not deleted.'),
      inferred(
        'Replaces both periods, so one that is absent is off; a period set or shortened starts the thirty days anew.',
      ),
      inferred(
        'A Team account is BadRequestException; changes wait for each other, so ConflictException does not occur.',
      ),
      differs(
        'Answered 204 without a body, though the reference shows one; read the settings back with GetRetentionSettings.',
      ),
    ],
  }),
}

/** 4 KB, the limit of the original's webhooks. [documented for webhooks] */
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
  /** Posts a message as a member of the room. */
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
