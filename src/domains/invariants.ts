/** The invariants of all stored data. */
import type { Invariant } from '../database/invariant.ts'
import { invariants as accessKeys } from './access-keys/invariants.ts'
import { invariants as accounts } from './accounts/invariants.ts'
import { invariants as assignments } from './assignments/invariants.ts'
import { invariants as botEvents } from './bot-events/invariants.ts'
import { invariants as bots } from './bots/invariants.ts'
import { invariants as journal } from './journal/invariants.ts'
import { invariants as meetings } from './meetings/invariants.ts'
import { invariants as messages } from './messages/invariants.ts'
import { invariants as phoneNumberOrders } from './phone-number-orders/invariants.ts'
import { invariants as phoneNumbers } from './phone-numbers/invariants.ts'
import { invariants as policies } from './policies/invariants.ts'
import { invariants as roomMemberships } from './room-memberships/invariants.ts'
import { invariants as rooms } from './rooms/invariants.ts'
import { invariants as stock } from './stock/invariants.ts'
import { invariants as users } from './users/invariants.ts'
import { invariants as webhooks } from './webhooks/invariants.ts'

export const invariants: readonly Invariant[] = [
  ...accounts,
  ...users,
  ...phoneNumbers,
  ...stock,
  ...phoneNumberOrders,
  ...assignments,
  ...rooms,
  ...roomMemberships,
  ...bots,
  ...botEvents,
  ...messages,
  ...webhooks,
  ...meetings,
  ...policies,
  ...accessKeys,
  ...journal,
]
