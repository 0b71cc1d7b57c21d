/** Errors that a contract lists, that have a natural cause, and that no test has provoked. */
import { globSync } from 'node:fs'
import type { TestModule } from 'vitest/node'
import type { ErrorName } from '../../src/contract/errors.ts'
import type { Operation } from '../../src/contract/operation.ts'
import { contracts } from '../../src/domains/contracts.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What operations refused in the tests of a file: `GetUser NotFoundException`, say. */
    refusals?: string[]
  }
}

/** What every operation refuses alike is proved for all of them in test/wire. */
const specific: ReadonlySet<ErrorName> = new Set([
  'BadRequestException',
  'NotFoundException',
  'ConflictException',
  'UnprocessableEntityException',
  'ResourceLimitExceededException',
])

/** Listed by the model, and never answered. */
const withoutCause: Partial<Record<ErrorName, readonly string[]>> = {
  /** They name nothing that could be missing, filter by it, or tell of each item by itself. */
  NotFoundException: [
    'CreateAccount',
    'ListAccounts',
    'ListPhoneNumbers',
    'BatchUpdatePhoneNumber',
    'BatchDeletePhoneNumber',
  ],
  /** Changes at the same time wait for each other. */
  ConflictException: ['UpdateAccountSettings', 'PutRetentionSettings'],
  /** There is one for each bot. */
  ResourceLimitExceededException: [
    'PutEventsConfiguration',
    'GetEventsConfiguration',
    'DeleteEventsConfiguration',
    'CreateMeetingDialOut',
  ],
}

/** Patterns of the test files of each engine, by the name of its project. */
export type FilesByEngine = Readonly<Record<string, readonly string[]>>

/** Empty for an engine of which only some tests ran. */
export function listUnproved(modules: readonly TestModule[], onEngine: FilesByEngine): string[] {
  return Object.entries(onEngine).flatMap(([engine, patterns]) => {
    const ran = modules.filter(({ project }) => project.name === engine)
    if (ran.length < globSync(patterns).length || !ran.every(isComplete)) return []
    const seen = new Set(ran.filter(isMeant).flatMap((module) => module.meta().refusals ?? []))
    return expected().flatMap((pair) => (seen.has(pair) ? [] : [`${pair} is listed, and no test on ${engine} saw it`]))
  })
}

/** What hostile input provokes by chance proves nothing. */
const isMeant = ({ moduleId }: TestModule) => !moduleId.endsWith('fuzz.engines.test.ts')

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
