/** The load generator, a process of its own: plans come in, outcomes go out. */
import { type Take, load } from './load.ts'
import type { Outcome, Plan } from './plan.ts'
import { repeats, write } from './recipes.ts'

process.on('message', (plan: Plan) => {
  const take = plan.prepare > 0 ? prepared(plan) : asTheyAreSent(plan)
  load(plan, take, (outcome) => process.send?.(outcome)).catch((error: unknown) => process.send?.(impossible(error)))
})
process.on('disconnect', () => process.exit(0))

/** Of a server that cannot be reached. */
const impossible = (error: unknown): Outcome => ({
  perSecond: 0,
  used: 0,
  answered: 0,
  failed: 1,
  sample: String(error),
})

/** Signs before anything is measured; a signature is valid for 15 minutes. */
function prepared(plan: Plan): Take {
  const left = repeats(plan) ? plan.prepare : Math.min(plan.prepare, plan.population - plan.from)
  const signed = Array.from({ length: Math.max(0, left) }, (_, index) => write(plan.from + index, plan))
  let next = 0
  return () => (repeats(plan) ? signed[next++ % signed.length] : signed[next++])
}

function asTheyAreSent(plan: Plan): Take {
  let next = plan.from
  return () => write(next++, plan)
}
