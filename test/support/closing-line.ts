import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { type FilesByEngine, listUnproved } from './untested-errors.ts'

/**
 * Closes the run with one plain line, `N passed, N failed, N skipped`, that any log reader understands. An error that a
 * contract lists and no test saw counts as failed, and is told.
 */
export class ClosingLine implements Reporter {
  readonly #onEngine: FilesByEngine

  constructor(onEngine: FilesByEngine) {
    this.#onEngine = onEngine
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test: TestCase) => test.result().state === state).length
    const unproved = listUnproved(modules, this.#onEngine)
    for (const line of unproved) process.stdout.write(`FAILED: ${line}\n`)
    if (unproved.length > 0) process.exitCode = 1
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length + unproved.length
    process.stdout.write(`${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped\n`)
  }
}
