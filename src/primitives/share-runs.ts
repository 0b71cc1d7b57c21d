interface Runs<Result> {
  current?: Promise<Result> | undefined
  next?: Promise<Result> | undefined
}

/** One run at a time for each subject. Calls that arrive during a run share the next, so that each sees what was done before it. */
export function shareRuns<Subject extends object, Result>(run: (subject: Subject) => Promise<Result>) {
  const all = new WeakMap<Subject, Runs<Result>>()
  return (subject: Subject): Promise<Result> => {
    const runs = all.get(subject) ?? {}
    all.set(subject, runs)
    return runs.next ?? (runs.current ? follow(runs, () => run(subject)) : start(runs, () => run(subject)))
  }
}

function start<Result>(runs: Runs<Result>, run: () => Promise<Result>): Promise<Result> {
  runs.next = undefined
  return (runs.current = run().finally(() => (runs.current = undefined)))
}

function follow<Result>(runs: Runs<Result>, run: () => Promise<Result>): Promise<Result> {
  const begin = () => start(runs, run)
  return (runs.next = (runs.current ?? Promise.resolve()).then(begin, begin))
}
