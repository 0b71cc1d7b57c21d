import { afterAll } from 'vitest'

const cleanUps: (() => unknown)[] = []

// Here, while the file is read: in a hook or a test it is too late to ask for an `afterAll`, and nobody says so.
afterAll(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp()
})

/** Has something done after the tests of the file, wherever it is called; the last one first. */
export function afterTests(cleanUp: () => unknown): void {
  cleanUps.push(cleanUp)
}
