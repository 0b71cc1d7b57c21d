import type { JobStep, TransactionJob } from '../domains/job.ts'
import type { Run } from './run.ts'

const atMost = 100

/** Until nothing is due. A step that fails is still due, and is tried again the next time. */
export async function runTransactions(job: TransactionJob, run: Run): Promise<void> {
  const find = () => run.read((context) => job.findDue(context, atMost))
  for (let due = await find(); due.length > 0 && !run.isOver(); due = await find()) {
    await Promise.all(due.map((step) => runStep(job, step, run)))
    run.end()
    run.options.log.info({ job: job.name, done: due.length }, 'job')
  }
}

const runStep = ({ name }: TransactionJob, step: JobStep, run: Run) =>
  run.attempt(async () => {
    const isDone = await run.begin((context) => step(context).then(() => true))
    if (isDone) run.options.metrics.countJob(name, 1)
  })
