/** A row with values that cannot be there (somebody wrote into the database) keeps no other from being shown. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { Operation } from '../../src/contract/operation.ts'
import { primaryKeys, tableNames } from '../../src/database/schema/primary-keys.ts'
import { type TableName, tables } from '../../src/database/schema/tables.ts'
import { contracts } from '../../src/domains/contracts.ts'
import { type Tenant, isSqlite, useBelfry } from '../support/belfry.ts'
import { type Names, givenEverything } from '../support/everything.ts'
import { givenAccount } from '../support/given.ts'
import { type RawRequest, callBelfry, sendSigned } from '../support/raw.ts'
import { sampleRequest } from '../support/samples.ts'

const { belfry } = await useBelfry()
const reading = Object.entries<Operation>(contracts).filter(([, { writes }]) => !writes)

test.each(tableNames.filter((table) => table !== 'stock'))(
  'no read fails when the values of a row of %s are of no kind',
  async (table) => {
    const caller = await belfry.tenant()
    const names = await givenEverything(belfry, caller)
    await caller.chime.putRetentionSettings({
      AccountId: names.AccountId,
      RetentionSettings: { RoomRetentionSettings: { RetentionDays: 30 } },
    })
    const hasJson = Object.values(tables[table].shape).some((shape) => 'content' in shape)
    for (const json of hasJson ? ['{', '7'] : ['{']) {
      await damage(caller, table, json)
      for (const [name, operation] of reading) {
        const { status, headers } = await sendSigned(belfry.url, caller, unfiltered(operation, names))
        expect(status, `${name}: ${headers['x-amzn-errortype']}`).toBeLessThan(500)
      }
    }
  },
)

/** Gives every column of a table, except its key, a value that it may not hold, where the engine stores one. */
async function damage({ awsAccountId, credentials }: Tenant, table: TableName, json: string) {
  const shapes = Object.entries<z.ZodType>(tables[table].shape)
  const changes = shapes
    .filter(([column]) => !primaryKeys[table].some((key) => key === column))
    .map(([column, shape]) => [column, invalidFor(shape, json)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => `${column} = ${value}`)
  const others = table === 'access_keys' ? `and access_key_id <> '${credentials.accessKeyId}'` : ''
  const statement = `update ${table} set ${changes.join()} where aws_account_id = '${awsAccountId}' ${others}`
  if (changes.length > 0) await belfry.database.write((db) => sql.raw(statement).execute(db))
}

function invalidFor(shape: z.ZodType, json: string): string | undefined {
  if (shape.safeParse(30).success) return isSqlite(belfry.databaseUrl) ? "'many'" : '2000000000'
  if (shape.safeParse(1).success) return '7'
  if (!shape.safeParse('x').success) return `'${json}'`
  return isSqlite(belfry.databaseUrl) ? 'randomblob(8)' : undefined
}

/** A request that names the resources in its path, and lists all there are. */
function unfiltered(operation: Operation, names: Names): RawRequest {
  const { queryMembers } = operation.binding
  const none = Object.fromEntries(Object.values(queryMembers).map((member) => [member, undefined]))
  const { path, ...request } = sampleRequest(operation, { ...names, ...none })
  return { ...request, path: path.replace(/[?&][\w-]+=undefined\b/g, '').replace(/^([^?&]*)&/, '$1?') }
}

test('an event that cannot be read is listed without it, beside the others, and logged once', async () => {
  const caller = await belfry.tenant()
  await givenAccount(caller, 'First')
  await givenAccount(caller, 'Second')
  const list = async () => (await callBelfry(belfry.url, caller, 'GET /events')).json['Events'] as Event[]
  const [first, second] = await list()
  await belfry.database.write((db) =>
    db
      .updateTable('journal')
      .set({ request_parameters: '{', resources: '{}' })
      .where('event_id', '=', first?.EventId ?? '')
      .execute(),
  )
  for (const _ of [1, 2]) {
    const [damaged, whole] = await list()
    expect(whole).toEqual(second)
    expect(damaged).toMatchObject({ EventId: first?.EventId, EventName: 'CreateAccount', Resources: [] })
    expect(JSON.parse(damaged?.CloudTrailEvent ?? '')).toMatchObject({ requestParameters: null })
  }
  const names = ['journal.resources', 'journal.request_parameters'].map((column) => `${column} of ${first?.EventId}`)
  const logged = belfry.log.map((line) => JSON.parse(line) as { value?: string }).map(({ value }) => value ?? '')
  expect(logged.filter((value) => value.includes(first?.EventId ?? '-')).toSorted()).toEqual(names.toSorted())
})

interface Event {
  EventId: string
  EventName: string
  Resources: unknown[]
  CloudTrailEvent: string
}

test('an account whose licenses cannot be read is listed with its default one', async () => {
  const caller = await belfry.tenant()
  await givenAccount(caller, 'First')
  const AccountId = await givenAccount(caller, 'Second')
  await belfry.database.write((db) =>
    db.updateTable('accounts').set({ supported_licenses: '["Gold"]' }).where('account_id', '=', AccountId).execute(),
  )
  const { Accounts } = await caller.chime.listAccounts()
  expect(Accounts?.map(({ Name, SupportedLicenses }) => [Name, SupportedLicenses])).toEqual([
    ['First', ['Basic', 'Pro']],
    ['Second', ['Pro']],
  ])
  await caller.chime.createUser({ AccountId, Username: 'x' })
})
