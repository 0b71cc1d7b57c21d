import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { NonEmptyString, SensitiveString, Timestamp, list, sensitive, structure, text } from '../../contract/shapes.ts'

const WebhookName = sensitive(text({ min: 1, max: 256, pattern: String.raw`.*\S.*`, test: /\S/ }))

/** A way into a room for programs. The URL is the secret, so it is shown when it is made and never again. */
export const Webhook = structure({
  WebhookId: NonEmptyString,
  RoomId: NonEmptyString,
  Name: WebhookName,
  Url: SensitiveString,
  CreatedBy: NonEmptyString,
  CreatedTimestamp: Timestamp,
})

/** What the original's client did for the administrators of a room. */
export const belfry = {
  /** Ten to a room at most. */
  CreateRoomWebhook: operation({
    http: 'POST /belfry/accounts/{AccountId}/rooms/{RoomId}/webhooks',
    status: 201,
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString, Name: WebhookName },
    output: { Webhook },
    errors: [...common, 'NotFoundException', 'ResourceLimitExceededException', 'ThrottledClientException'],
  }),
  ListRoomWebhooks: operation({
    http: 'GET /belfry/accounts/{AccountId}/rooms/{RoomId}/webhooks',
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString },
    output: { Webhooks: list(Webhook) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  /** A new URL; the old one is dead at once. */
  RegenerateRoomWebhook: operation({
    http: 'POST /belfry/accounts/{AccountId}/rooms/{RoomId}/webhooks/{WebhookId}?operation=regenerate',
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString, WebhookId: NonEmptyString },
    output: { Webhook },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  DeleteRoomWebhook: operation({
    http: 'DELETE /belfry/accounts/{AccountId}/rooms/{RoomId}/webhooks/{WebhookId}',
    status: 204,
    input: { AccountId: NonEmptyString, RoomId: NonEmptyString, WebhookId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}
