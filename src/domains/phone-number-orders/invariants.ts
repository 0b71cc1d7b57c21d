import { sql } from 'kysely'
import { type Invariant, belongsTo, invariant } from '../../database/invariant.ts'

export const invariants: readonly Invariant[] = [
  belongsTo('an ordered number has its order', ['ordered_phone_numbers', 'order_id'], 'phone_number_orders', [
    ['aws_account_id', 'aws_account_id'],
    ['order_id', 'order_id'],
  ]),
  invariant(
    'an order has the status that its numbers make',
    sql`select o.order_id as id from phone_number_orders o left join (${lines()}) as l
      on l.aws_account_id = o.aws_account_id and l.order_id = o.order_id
      where l.ordered is null or o.status <> case
        when l.processing = l.ordered then 'Processing' when l.processing > 0 then ''
        when l.acquired = 0 then 'Failed' when l.acquired = l.ordered then 'Successful' else 'Partial' end`,
  ),
]

/** The number of ordered numbers per order and status. */
function lines() {
  return sql`select aws_account_id, order_id, count(*) as ordered,
    sum(case when status = 'Processing' then 1 else 0 end) as processing,
    sum(case when status = 'Acquired' then 1 else 0 end) as acquired
    from ordered_phone_numbers group by aws_account_id, order_id`
}
