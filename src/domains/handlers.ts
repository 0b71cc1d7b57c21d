/** What each operation does. */
import { operations as accessKeys } from './access-keys/operations.ts'
import { operations as accounts } from './accounts/operations.ts'
import { operations as assignments } from './assignments/operations.ts'
import { operations as botEvents, preparations as forBotEvents } from './bot-events/operations.ts'
import { operations as bots } from './bots/operations.ts'
import { operations as journal } from './journal/operations.ts'
import { operations as meetings } from './meetings/operations.ts'
import { operations as messages } from './messages/operations.ts'
import { operations as phoneNumberOrders } from './phone-number-orders/operations.ts'
import { operations as phoneNumbers, apart as ofPhoneNumbers } from './phone-numbers/operations.ts'
import { operations as policies } from './policies/operations.ts'
import { operations as principals } from './principals/operations.ts'
import { operations as roomMemberships } from './room-memberships/operations.ts'
import { operations as rooms } from './rooms/operations.ts'
import { operations as settings } from './settings/operations.ts'
import { operations as stock } from './stock/operations.ts'
import { operations as users, apart as ofUsers } from './users/operations.ts'
import { operations as webhooks } from './webhooks/operations.ts'

export const operations = {
  ...accounts,
  ...users,
  ...phoneNumbers,
  ...phoneNumberOrders,
  ...settings,
  ...rooms,
  ...roomMemberships,
  ...bots,
  ...botEvents,
  ...messages,
  ...webhooks,
  ...meetings,
  ...stock,
  ...assignments,
  ...journal,
  ...principals,
  ...accessKeys,
  ...policies,
}

/** What some of them do before their transaction begins. */
export const preparations = { ...forBotEvents }

/** What some of them touch, where they may be done side by side. */
export const apart = { ...ofPhoneNumbers, ...ofUsers }
