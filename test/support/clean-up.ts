import { type RunnerTestSuite, afterAll } from 'vitest'

type CleanUp = (file: Readonly<RunnerTestSuite>) => unknown

const cleanUps: CleanUp[] = []

// Here, while the file is read: in a hook or a test it is too late to ask for an `afterAll`, and nobody says so.
// oxlint-disable-next-line no-empty-pattern -- Vitest wants a pattern here.
afterAll(async ({}, file) => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp(file)
})

/** Has something done after the tests of the file, wherever it is called; the last one first. */
export function afterTests(cleanUp: CleanUp): void {
  cleanUps.push(cleanUp)
}
