import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { type FilesByEngine, listUntestedErrors } from './untested-errors.ts'

/**
 * Ends the run with the line `N passed, N failed, N skipped`, for tools that read the log. An error that a contract
 * lists and no test provoked is reported and counts as failed.
 */
export class ClosingLine implements Reporter {
  readonly #onEngine: FilesByEngine

  constructor(onEngine: FilesByEngine) {
    this.#onEngine = onEngine
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test: TestCase) => test.result().state === state).length
    const untested = listUntestedErrors(modules, this.#onEngine)
    for (const line of untested) process.stdout.write(`FAILED: ${line}\n`)
    if (untested.length > 0) process.exitCode = 1
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length + untested.length
    process.stdout.write(`${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped\n`)
  }
}
