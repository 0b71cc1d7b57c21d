import { type RunnerTestSuite, afterAll } from 'vitest'

type CleanUp = (file: Readonly<RunnerTestSuite>) => unknown

const cleanUps: CleanUp[] = []

// Registered while the file is loaded: Vitest silently ignores an `afterAll` that a hook or a test registers.
// oxlint-disable-next-line no-empty-pattern -- Vitest wants a pattern here.
afterAll(async ({}, file) => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp(file)
})

/** Registers a clean-up to run after the tests of the file, last registered first. It may be called anywhere. */
export function afterTests(cleanUp: CleanUp): void {
  cleanUps.push(cleanUp)
}
