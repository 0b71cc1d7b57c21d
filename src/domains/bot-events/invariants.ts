import { type Invariant, accountColumns, belongsTo } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  belongsTo('an event on its way has its bot', ['bot_deliveries', 'delivery_id'], 'bots', [
    ...accountColumns,
    ['bot_id', 'bot_id'],
  ]),
]
