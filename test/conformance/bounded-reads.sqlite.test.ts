/** No read of a client goes through a large table without a bound: on SQLite all others would wait. */
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Operation } from '../../src/contract/operation.ts'
import { bare } from '../../src/contract/shapes.ts'
import { fileOf } from '../../src/database/open.ts'
import { primaryKeys } from '../../src/database/schema/primary-keys.ts'
import type { TableName } from '../../src/database/schema/tables.ts'
import { contracts } from '../../src/domains/contracts.ts'
import { startBelfry } from '../support/belfry.ts'
import { givenEverything } from '../support/everything.ts'
import { givenNumber } from '../support/given.ts'
import { sendSigned } from '../support/raw.ts'
import { sampleInput, sampleRequest } from '../support/samples.ts'
import { withScanBudget } from '../support/scan-budget.ts'

/** Of tables that grow with use. */
const large = new Set(['journal', 'stock', 'phone_numbers', 'users', 'assignments', 'accounts'])

/** The statements of each connection. */
const prepared = new Map<DatabaseSync, Set<string>>()
const { prepare } = DatabaseSync.prototype
DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql, ...options) {
  prepared.set(this, (prepared.get(this) ?? new Set()).add(sql))
  return prepare.call(this, sql, ...options)
}

const belfry = await startBelfry()
const tenant = await belfry.tenant()
const names = await givenEverything(belfry, tenant)
await belfry.stock(5)
const queued = await givenNumber(belfry, tenant)
await tenant.chime.deletePhoneNumber({ PhoneNumberId: queued })

const reads = Object.entries(contracts as Record<string, Operation>).filter(([, { writes }]) => !writes)

/** With every set of filters and every value of an enumeration, page by page. */
async function callEachWay(operation: Operation) {
  const { NextToken: _, MaxResults, ...sample } = sampleInput(operation)
  const pageSize = MaxResults === undefined ? {} : { MaxResults: 1 }
  for (const input of combine(
    Object.entries(sample).map(([member, value]) => [member, choices(operation, member, value)]),
  ))
    await followPages(operation, { ...input, ...pageSize })
}

function choices({ input }: Operation, member: string, value: unknown): unknown[] {
  const shape = input.shape[member]
  const found = shape && bare(shape)
  const known = found instanceof z.ZodEnum ? found.options : values.get(member)
  return [...(shape?.isOptional() ? [undefined] : []), ...(known ?? [value])]
}

/** Values that a listing accepts, and has something for. */
const values = new Map<string, unknown[]>(
  Object.entries({ ...names, AreaCode: '206', City: 'Seattle', State: 'WA', TollFreePrefix: '833' }).map(
    ([member, value]) => [member, [value]],
  ),
)
values.set('Country', ['US', 'GB'])

const combine = (members: [string, unknown[]][]): Record<string, unknown>[] =>
  members.reduce<Record<string, unknown>[]>(
    (inputs, [member, values]) => inputs.flatMap((input) => values.map((value) => ({ ...input, [member]: value }))),
    [{}],
  )

async function followPages(operation: Operation, input: Record<string, unknown>) {
  let NextToken: unknown
  for (let pages = 0; pages < 4; pages++) {
    const { json } = await sendSigned(belfry.url, tenant, sampleRequest(operation, { ...input, NextToken }))
    NextToken = json['NextToken']
    if (typeof NextToken !== 'string') return
  }
}

test('every read of a large table is a search within bounds', async () => {
  await withScanBudget(1, async () => {
    for (const [, operation] of reads) await callEachWay(operation)
    await fetch(`${belfry.url}/metrics`)
  })
  const statements = statementsOfReaders()
  const copy = new DatabaseSync(fileOf(belfry.databaseUrl) ?? '')
  const faults = statements.flatMap((sql) => faultsOf(sql, explain(copy, sql), statements))
  copy.close()
  expect(faults).toEqual([])
})

/** Only the connection that writes begins its transactions with a lock. */
function statementsOfReaders(): string[] {
  const readers = [...prepared.values()].filter((all) => all.has('begin') && !all.has('begin immediate'))
  const statements = new Set(readers.flatMap((all) => [...all].filter((sql) => /^(?:select|with)\b/i.test(sql))))
  return [...statements]
}

const explain = (database: DatabaseSync, sql: string) =>
  prepare
    .call(database, `explain query plan ${sql}`)
    .all()
    .map(({ detail }) => String(detail))

interface Step {
  table: string
  isSearch: boolean
  /** `aws_account_id=?`, for example. */
  terms: string[]
}

function readStep(detail: string): Step | undefined {
  const [, how, table = '', constraint = ''] = /^(SCAN|SEARCH) (\w+)(?: USING [^(]*(?:\((.*)\))?)?/.exec(detail) ?? []
  return how === undefined ? undefined : { table, isSearch: how === 'SEARCH', terms: constraint.split(' AND ') }
}

/** Allowed is a search that uses all conditions of the statement, in the order that is asked for, and one that has a horizon. */
function faultsOf(sql: string, plan: string[], all: readonly string[]): string[] {
  const steps = plan.flatMap((detail) => readStep(detail) ?? [])
  const fault = (why: string) => [`${why}: ${sql}\n  ${plan.join('\n  ')}`]
  if (steps.some(({ table, isSearch }) => large.has(table) && !isSearch)) return fault('scans')
  const [outer] = steps
  if (!outer || !large.has(outer.table) || isOfOneRow(outer) || hasHorizon(sql, all)) return []
  if (plan.some((detail) => detail.includes('TEMP B-TREE'))) return fault('sorts')
  return countValues(sql) > countValues(outer.terms.join(' ')) ? fault('filters') : []
}

/** A limited subquery, the search for a horizon, or a statement that on all pages but the last has a condition for it. */
const hasHorizon = (sql: string, all: readonly string[]) =>
  / limit \? offset \?$| limit \?\) as /.test(sql) ||
  all.some((other) => /(?:"event_id"|"phone_number"|\)) <= /.test(other) && withoutRange(other) === withoutRange(sql))

const withoutRange = (sql: string) =>
  sql.replaceAll(/(?:and )?(?:"event_id"|"phone_number"|\([^()]*\)) (?:>|>=|<=) (?:\?|\(\?, \?\)) ?/g, '')

/** By the primary key, an address, or such a key for each row of a subquery. */
const isOfOneRow = ({ table, terms }: Step) =>
  terms.includes('email_key=?') || keyOf(table).every((column) => terms.includes(`${column}=?`))

const keyOf = (table: string): readonly string[] => primaryKeys[table as TableName]

/** How many values the conditions of the statement, or of a search, compare with. */
const countValues = (text: string) => (text.replace(/ limit .*$/, '').match(/\?/g) ?? []).length
