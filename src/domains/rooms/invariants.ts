import { type Invariant, accountColumns, belongsTo } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  belongsTo('a room has its account', ['rooms', 'room_id'], 'accounts', accountColumns),
  belongsTo('a client token has its account', ['room_tokens', 'room_id'], 'accounts', accountColumns),
]
