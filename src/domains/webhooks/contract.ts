import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { NonEmptyString, SensitiveString, Timestamp, list, sensitive, structure, text } from '../../contract/shapes.ts'

const WebhookName = sensitive(text({ min: 1, max: 256, pattern: String.raw`.*\S.*`, test: /\S/ }))

/** Lets programs post to a room. The URL is the secret, so it is shown only when it is created. */
export const Webhook = structure({
  WebhookId: NonEmptyString,
  RoomId: NonEmptyString,
  Name: WebhookName,
  Url: SensitiveString,
  CreatedBy: NonEmptyString,
  CreatedTimestamp: Timestamp,
})

/** In the original, administrators of a room did this in the client. */
export const belfry = {
  /** At most ten per room. */
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
  /** Creates a new URL; the old one is invalid at once. */
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
