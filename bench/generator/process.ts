/** Entry point of the load generator process: receives plans, sends outcomes. */
import { type NextRequests, load } from './load.ts'
import type { Outcome, Plan } from './plan.ts'
import { repeats, writeRequests } from './recipes.ts'

process.on('message', (plan: Plan) => {
  const nextRequests = plan.presign > 0 ? presigned(plan) : signedOnDemand(plan)
  load(plan, nextRequests, (outcome) => process.send?.(outcome)).catch((error: unknown) =>
    process.send?.(unreachable(error)),
  )
})
process.on('disconnect', () => process.exit(0))

const unreachable = (error: unknown): Outcome => ({
  perSecond: 0,
  used: 0,
  answered: 0,
  failed: 1,
  sample: String(error),
})

/** Takes signing out of the measurement. A signature is valid for 15 minutes. */
function presigned(plan: Plan): NextRequests {
  const left = repeats(plan) ? plan.presign : Math.min(plan.presign, plan.population - plan.from)
  const signed = Array.from({ length: Math.max(0, left) }, (_, index) => writeRequests(plan.from + index, plan))
  let next = 0
  return () => (repeats(plan) ? signed[next++ % signed.length] : signed[next++])
}

function signedOnDemand(plan: Plan): NextRequests {
  let next = plan.from
  return () => writeRequests(next++, plan)
}
