import { setTimeout as sleep } from 'node:timers/promises'
import type { DueCall, OutboundJob } from '../domains/job.ts'
import { type CallsInFlight, createCallsInFlight } from './calls-in-flight.ts'
import type { Run } from './run.ts'

const dueAtMost = 100
/** Less than a mail server takes connections from one client, as a rule (50 with Postfix). */
const callsAtMost = 32
const callsPerAwsAccount = 8
const intervalMs = 250

/**
 * Until nothing is due and no call is in flight. While calls wait for their answers, it goes on looking for what is due, so
 * that slow endpoints hold up only the AWS account that named them.
 */
export async function runCalls(job: OutboundJob, run: Run): Promise<void> {
  const calls = createCallsInFlight(callsAtMost, callsPerAwsAccount)
  for (;;) {
    const due = run.isOver() || run.hasFailed() ? [] : await run.attempt(() => findInTurn(job, run, calls))
    if (due && due.length > 0) await beginCalls(job, due, run, calls)
    else if (calls.isEmpty()) break
    else await nextEnd(calls)
  }
  run.end()
}

/** AWS accounts without a call in flight come first; then those that may have one more. */
async function findInTurn(job: OutboundJob, run: Run, calls: CallsInFlight): Promise<DueCall[]> {
  if (calls.isFull()) return []
  const find = (notOf: string[]) => run.read((context) => job.findDueCalls(context, dueAtMost, notOf))
  const due = await find(calls.listWaiting())
  return due.length > 0 || calls.isEmpty() ? due : find(calls.listAtLimit())
}

async function beginCalls(job: OutboundJob, due: readonly DueCall[], run: Run, calls: CallsInFlight) {
  const begun = await Promise.all(due.map((call) => beginCall(job, call, run, calls)))
  const done = begun.filter((isBegun) => isBegun).length
  if (done > 0) run.options.log.info({ job: job.name, done }, 'job')
}

/** Resolves when the call is on its way, or none is to be made. */
async function beginCall({ name }: OutboundJob, { awsAccountId, claim }: DueCall, run: Run, calls: CallsInFlight) {
  if (!calls.enter(awsAccountId)) return false
  const { outbound, metrics } = run.options
  const claimed = await run.attempt(async () => ({ outboundStep: await run.begin(claim) }))
  const record = async () => {
    if (claimed?.outboundStep) await run.transact(await claimed.outboundStep(outbound))
    if (claimed) metrics.countJob(name, 1)
  }
  void run.attempt(record).finally(() => calls.leave(awsAccountId))
  return claimed !== undefined
}

const nextEnd = (calls: CallsInFlight) => Promise.race([calls.nextEnd(), sleep(intervalMs)])
