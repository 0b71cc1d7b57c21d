import { type Invariant, accountColumns, belongsTo } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  belongsTo('a bot has its account', ['bots', 'bot_id'], 'accounts', accountColumns),
]
