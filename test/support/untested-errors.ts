/** Finds errors that a contract lists, that have a natural cause, and that no test provoked. */
import { globSync } from 'node:fs'
import type { TestModule } from 'vitest/node'
import type { ErrorName } from '../../src/contract/errors.ts'
import type { Operation } from '../../src/contract/operation.ts'
import { contracts } from '../../src/domains/contracts.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** The errors that operations returned in the tests of a file, e.g. `GetUser NotFoundException`. */
    refusals?: string[]
  }
}

/** The errors with causes of their own in each operation. The others are tested for all operations in `test/wire/`. */
const specific: ReadonlySet<ErrorName> = new Set([
  'BadRequestException',
  'NotFoundException',
  'ConflictException',
  'UnprocessableEntityException',
  'ResourceLimitExceededException',
])

/** Operations for which the model lists an error that they never return. */
const withoutCause: Partial<Record<ErrorName, readonly string[]>> = {
  /** Their input names nothing that could be missing, is only a filter, or is reported per item. */
  NotFoundException: [
    'CreateAccount',
    'ListAccounts',
    'ListPhoneNumbers',
    'BatchUpdatePhoneNumber',
    'BatchDeletePhoneNumber',
  ],
  /** Concurrent changes are serialised and all succeed. */
  ConflictException: ['UpdateAccountSettings', 'PutRetentionSettings'],
  /** A bot has one configuration, so there is no limit to exceed. */
  ResourceLimitExceededException: [
    'PutEventsConfiguration',
    'GetEventsConfiguration',
    'DeleteEventsConfiguration',
    'CreateMeetingDialOut',
  ],
}

/** Glob patterns of the test files of each engine, by the name of its Vitest project. */
export type FilesByEngine = Readonly<Record<string, readonly string[]>>

/** Reports nothing about an engine of which only some tests ran. */
export function listUntestedErrors(modules: readonly TestModule[], onEngine: FilesByEngine): string[] {
  return Object.entries(onEngine).flatMap(([engine, patterns]) => {
    const ran = modules.filter(({ project }) => project.name === engine)
    if (ran.length < globSync(patterns).length || !ran.every(isComplete)) return []
    const seen = new Set(ran.filter(isDeliberate).flatMap((module) => module.meta().refusals ?? []))
    return expected().flatMap((pair) =>
      seen.has(pair) ? [] : [`${pair} is listed, and no test on ${engine} provoked it`],
    )
  })
}

/** Random input of the fuzz test provokes errors only by chance. */
const isDeliberate = ({ moduleId }: TestModule) => !moduleId.endsWith('fuzz.engines.test.ts')

const isComplete = (module: TestModule) =>
  module.state() === 'passed' && [...module.children.allTests('skipped')].length === 0

const expected = () =>
  Object.entries(contracts).flatMap(([name, operation]: [string, Operation]) =>
    operation.errors.filter((error) => hasCause(name, operation, error)).map((error) => `${name} ${error}`),
  )

function hasCause(name: string, { input }: Operation, error: ErrorName): boolean {
  const takesNothing = Object.keys(input.shape).length === 0
  if (error === 'BadRequestException' && takesNothing) return false
  return specific.has(error) && withoutCause[error]?.includes(name) !== true
}
