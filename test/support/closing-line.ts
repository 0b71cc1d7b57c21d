import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Closes the run with one plain line, `N passed, N failed, N skipped`, that any log reader understands. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test: TestCase) => test.result().state === state).length
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length
    process.stdout.write(`${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped\n`)
  }
}
