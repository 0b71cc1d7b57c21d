/** Every operation there is, by its published name. */
import { contract as accounts } from './accounts/contract.ts'
import { contract as bots } from './bots/contract.ts'
import { contract as meetings } from './meetings/contract.ts'
import { contract as messages } from './messages/contract.ts'
import { contract as phoneNumberOrders } from './phone-number-orders/contract.ts'
import { contract as phoneNumbers } from './phone-numbers/contract.ts'
import { contract as rooms } from './rooms/contract.ts'
import { contract as settings } from './settings/contract.ts'
import { contract as users } from './users/contract.ts'

export const contracts = {
  ...accounts,
  ...users,
  ...phoneNumbers,
  ...phoneNumberOrders,
  ...settings,
  ...bots,
  ...rooms,
  ...messages,
  ...meetings,
}

export type OperationName = keyof typeof contracts
