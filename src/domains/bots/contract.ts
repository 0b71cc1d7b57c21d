import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import {
  Boolean,
  BotType,
  NextToken,
  NonEmptyString,
  ResultMax,
  SensitiveString,
  Text,
  Timestamp,
  list,
  optional,
  sensitive,
  structure,
  text,
} from '../../contract/shapes.ts'

export const Bot = structure({
  BotId: Text,
  UserId: Text,
  DisplayName: SensitiveString,
  BotType,
  Disabled: Boolean,
  CreatedTimestamp: Timestamp,
  UpdatedTimestamp: Timestamp,
  BotEmail: SensitiveString,
  SecurityToken: SensitiveString,
})

/** 55 characters at most. [documented in the guide] */
const BotName = sensitive(text({ min: 1, max: 55, pattern: String.raw`.*\S.*`, test: /\S/ }))

export const contract = {
  CreateBot: operation({
    http: 'POST /accounts/{AccountId}/bots',
    status: 201,
    input: { AccountId: NonEmptyString, DisplayName: BotName, Domain: optional(NonEmptyString) },
    output: { Bot },
    errors: [...common, 'NotFoundException', 'ResourceLimitExceededException', 'ThrottledClientException'],
  }),
  GetBot: operation({
    http: 'GET /accounts/{AccountId}/bots/{BotId}',
    input: { AccountId: NonEmptyString, BotId: NonEmptyString },
    output: { Bot },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListBots: operation({
    http: 'GET /accounts/{AccountId}/bots?max-results={MaxResults}&next-token={NextToken}',
    input: { AccountId: NonEmptyString, MaxResults: optional(ResultMax), NextToken: optional(NextToken) },
    output: { Bots: list(Bot), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  UpdateBot: operation({
    http: 'POST /accounts/{AccountId}/bots/{BotId}',
    input: { AccountId: NonEmptyString, BotId: NonEmptyString, Disabled: optional(Boolean) },
    output: { Bot },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  RegenerateSecurityToken: operation({
    http: 'POST /accounts/{AccountId}/bots/{BotId}?operation=regenerate-security-token',
    input: { AccountId: NonEmptyString, BotId: NonEmptyString },
    output: { Bot },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}
