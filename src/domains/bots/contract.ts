import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { documented, inferred } from '../../contract/provenance.ts'
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
    rules: [
      documented(
        '`DisplayName` gets ` (Bot)`, the address is the name with `-chimebot@` and a domain of the account; names have 55 characters at most.',
      ),
      documented('`UserId` is the BotId; the bot is enabled, and shows its token; an account has ten bots at most.'),
      inferred(
        'The eleventh is ResourceLimitExceededException; Team accounts and domains not claimed are BadRequestException.',
      ),
      inferred(
        'Without a domain it is the one claimed first; what an address cannot hold is left out; an address that is taken is BadRequestException.',
      ),
    ],
  }),
  GetBot: operation({
    http: 'GET /accounts/{AccountId}/bots/{BotId}',
    input: { AccountId: NonEmptyString, BotId: NonEmptyString },
    output: { Bot },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Shows the security token, also to those who may only read.'),
      inferred('A bot of another account is NotFoundException.'),
    ],
  }),
  ListBots: operation({
    http: 'GET /accounts/{AccountId}/bots?max-results={MaxResults}&next-token={NextToken}',
    input: { AccountId: NonEmptyString, MaxResults: optional(ResultMax), NextToken: optional(NextToken) },
    output: { Bots: list(Bot), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Answers `Bots` with their tokens, ten to a page unless told.'),
      inferred('Oldest first; a Team account is BadRequestException.'),
    ],
  }),
  UpdateBot: operation({
    http: 'POST /accounts/{AccountId}/bots/{BotId}',
    input: { AccountId: NonEmptyString, BotId: NonEmptyString, Disabled: optional(Boolean) },
    output: { Bot },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented(
        'Switches a bot off and on and moves `UpdatedTimestamp`; one that is off hears nothing, and can be removed from rooms but not added.',
      ),
      inferred('An empty body changes nothing.'),
    ],
  }),
  RegenerateSecurityToken: operation({
    http: 'POST /accounts/{AccountId}/bots/{BotId}?operation=regenerate-security-token',
    input: { AccountId: NonEmptyString, BotId: NonEmptyString },
    output: { Bot },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Answers the bot with its new token; `UpdatedTimestamp` stays, as in the published sample.'),
      inferred('The old token is void at once.'),
    ],
  }),
}
