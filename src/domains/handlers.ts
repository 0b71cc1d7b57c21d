import { handlers as accessKeys } from './access-keys/operations.ts'
import { handlers as accounts } from './accounts/operations.ts'
import { handlers as assignments } from './assignments/operations.ts'
import { handlers as botEvents } from './bot-events/operations.ts'
import { handlers as bots } from './bots/operations.ts'
import type { contracts } from './contracts.ts'
import { handlers as journal } from './journal/operations.ts'
import { handlers as meetings } from './meetings/operations.ts'
import { handlers as messages } from './messages/operations.ts'
import { toObjects } from './operation.ts'
import { handlers as phoneNumberOrders } from './phone-number-orders/operations.ts'
import { handlers as phoneNumbers } from './phone-numbers/operations.ts'
import { handlers as policies } from './policies/operations.ts'
import { handlers as principals } from './principals/operations.ts'
import { handlers as roomMemberships } from './room-memberships/operations.ts'
import { handlers as rooms } from './rooms/operations.ts'
import { handlers as settings } from './settings/operations.ts'
import { handlers as stock } from './stock/operations.ts'
import { handlers as users } from './users/operations.ts'
import { handlers as webhooks } from './webhooks/operations.ts'

/** The handler of every operation of both APIs. */
export const handlers = toObjects<typeof contracts>({
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
})
