import { type Invariant, belongsTo } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  belongsTo('a call out of a meeting has its meeting', ['meeting_dial_outs', 'transaction_id'], 'meetings', [
    ['aws_account_id', 'aws_account_id'],
    ['meeting_id', 'meeting_id'],
  ]),
]
