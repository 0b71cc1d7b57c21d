/** Every operation by name: those of the published API and Belfry's own. */
import { openApi } from '../contract/openapi.ts'
import { belfry as accessKeys } from './access-keys/contract.ts'
import { belfry as accountsOfBelfry, contract as accounts } from './accounts/contract.ts'
import { belfry as assignments } from './assignments/contract.ts'
import { contract as botEvents } from './bot-events/contract.ts'
import { contract as bots } from './bots/contract.ts'
import { belfry as journal } from './journal/contract.ts'
import { belfry as meetingsOfBelfry, contract as meetings } from './meetings/contract.ts'
import { belfry as messagesOfBelfry, contract as messages } from './messages/contract.ts'
import { contract as phoneNumberOrders } from './phone-number-orders/contract.ts'
import { contract as phoneNumbers } from './phone-numbers/contract.ts'
import { belfry as policies } from './policies/contract.ts'
import { belfry as principals } from './principals/contract.ts'
import { contract as roomMemberships } from './room-memberships/contract.ts'
import { contract as rooms } from './rooms/contract.ts'
import { contract as settings } from './settings/contract.ts'
import { belfry as stock } from './stock/contract.ts'
import { belfry as webhooks } from './webhooks/contract.ts'
import { belfry as usersOfBelfry, contract as users } from './users/contract.ts'

/** Amazon Chime, 2018-05-01. */
export const chimeContracts = {
  ...accounts,
  ...users,
  ...phoneNumbers,
  ...phoneNumberOrders,
  ...settings,
  ...bots,
  ...botEvents,
  ...rooms,
  ...roomMemberships,
  ...messages,
  ...meetings,
}

/** Belfry's own operations, under `/belfry`: what the original did by console, mail or client, and additions. */
export const belfryContracts = {
  ...accountsOfBelfry,
  ...usersOfBelfry,
  ...messagesOfBelfry,
  ...webhooks,
  ...meetingsOfBelfry,
  ...stock,
  ...assignments,
  ...journal,
  ...principals,
  ...accessKeys,
  ...policies,
}

export const contracts = { ...chimeContracts, ...belfryContracts }

export type OperationName = keyof typeof contracts

/** The IAM action of an operation, as policies name it. */
export const actionOf = (name: string): string => `${Object.hasOwn(belfryContracts, name) ? 'belfry' : 'chime'}:${name}`

/** Both APIs as one OpenAPI document. */
export const describeApis = (): object =>
  openApi(
    {
      title: 'Belfry',
      version: '2018-05-01',
      description: 'The Amazon Chime API (2018-05-01), and the operations of Belfry itself under /belfry.',
    },
    contracts,
    actionOf,
  )
