import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { differs, documented, inferred } from '../../contract/provenance.ts'
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
    rules: [
      documented('Takes an HTTPS endpoint or a Lambda function; the next call replaces it.'),
      documented(
        'An endpoint is sent twenty digits, which it must repeat with status 200; a function is invoked on trial.',
      ),
      documented(
        'Events are Invite, Mention and Remove, signed with the token in `Chime-Signature`; after a failure there are two more attempts.',
      ),
      inferred('What is on its way to a bot that is disabled, or whose account is suspended or deleted, is dropped.'),
      inferred('Both or neither, a challenge that is not met, and a Team account are BadRequestException.'),
      differs(
        'An endpoint must be at a public address or in BELFRY_WEBHOOK_ALLOW; functions need BELFRY_LAMBDA_ENDPOINT.',
      ),
    ],
  }),
  GetEventsConfiguration: operation({
    http: 'GET /accounts/{AccountId}/bots/{BotId}/events-configuration',
    input: { AccountId: NonEmptyString, BotId: NonEmptyString },
    output: { EventsConfiguration },
    errors: [...common, 'NotFoundException', 'ResourceLimitExceededException'],
    rules: [
      documented('Answers the endpoint or the function, and null for the other.'),
      inferred('Where nothing is configured, it is NotFoundException, as for an unknown bot.'),
    ],
  }),
  DeleteEventsConfiguration: operation({
    http: 'DELETE /accounts/{AccountId}/bots/{BotId}/events-configuration',
    status: 204,
    input: { AccountId: NonEmptyString, BotId: NonEmptyString },
    output: {},
    errors: [...common, 'ResourceLimitExceededException'],
    rules: [
      documented('A bot without a configuration hears nothing and cannot be added to rooms.'),
      inferred('Repeating it is answered 204 again; events that are on their way are dropped.'),
      inferred('An unknown account or bot is ForbiddenException, for NotFoundException is not modelled here.'),
    ],
  }),
}
