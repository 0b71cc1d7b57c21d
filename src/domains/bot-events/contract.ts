import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { NonEmptyString, SensitiveString, Text, optional, structure } from '../../contract/shapes.ts'

export const EventsConfiguration = structure({
  BotId: Text,
  OutboundEventsHTTPSEndpoint: SensitiveString,
  LambdaFunctionArn: SensitiveString,
})

export const contract = {
  PutEventsConfiguration: operation({
    http: 'PUT /accounts/{AccountId}/bots/{BotId}/events-configuration',
    status: 201,
    input: {
      AccountId: NonEmptyString,
      BotId: NonEmptyString,
      OutboundEventsHTTPSEndpoint: optional(SensitiveString),
      LambdaFunctionArn: optional(SensitiveString),
    },
    output: { EventsConfiguration },
    errors: [...common, 'NotFoundException', 'ResourceLimitExceededException'],
  }),
  GetEventsConfiguration: operation({
    http: 'GET /accounts/{AccountId}/bots/{BotId}/events-configuration',
    input: { AccountId: NonEmptyString, BotId: NonEmptyString },
    output: { EventsConfiguration },
    errors: [...common, 'NotFoundException', 'ResourceLimitExceededException'],
  }),
  DeleteEventsConfiguration: operation({
    http: 'DELETE /accounts/{AccountId}/bots/{BotId}/events-configuration',
    status: 204,
    input: { AccountId: NonEmptyString, BotId: NonEmptyString },
    output: {},
    errors: [...common, 'ResourceLimitExceededException'],
  }),
}
