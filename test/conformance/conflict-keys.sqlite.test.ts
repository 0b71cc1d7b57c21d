/** Transactions with conflict keys run interleaved: their keys must meet where one of them writes what another reads. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { InputOf } from '../../src/contract/operation.ts'
import type { Db } from '../../src/database/transaction.ts'
import type { contracts } from '../../src/domains/contracts.ts'
import { handlers } from '../../src/domains/handlers.ts'
import { operationSettings } from '../../src/server.ts'
import { useBelfry } from '../support/belfry.ts'
import { givenAccount, givenAssignable, givenAssigned, newEmail } from '../support/given.ts'

type Contracts = typeof contracts
type Name = keyof Contracts

const { belfry, tenant } = await useBelfry()
const { awsAccountId } = tenant
const caller = { awsAccountId, principalArn: `arn:aws:iam::${awsAccountId}:user/tester`, accessKeyId: 'AKIAEXAMPLE' }

/** For every operation with conflict keys, the input of a call that gets as far as all its writes. */
const inputs: { [Operation in Name]?: () => Promise<InputOf<Contracts[Operation]>> } = {
  AssociatePhoneNumberWithUser: async () => allowCalls(await givenAssignable(belfry, tenant)),
  DisassociatePhoneNumberFromUser: async () => allowCalls(await givenAssigned(belfry, tenant)),
  CreateUser: async () => ({
    AccountId: await givenAccount(tenant),
    Email: newEmail(),
    Username: undefined,
    UserType: undefined,
  }),
}

async function allowCalls<User extends { AccountId: string; UserId: string }>(user: User): Promise<User> {
  const { AccountId, UserId } = user
  await tenant.chime.updateUserSettings({
    AccountId,
    UserId,
    UserSettings: { Telephony: { InboundCalling: true, OutboundCalling: true, SMS: true } },
  })
  return user
}

/** The kinds of conflict keys that name the rows of a table, by the columns that a statement looks them up by. */
const kindsOf: Partial<Record<string, Readonly<Record<string, string>>>> = {
  users: { user_id: 'user', email_key: 'address' },
  phone_numbers: { phone_number: 'number' },
  assignments: { user_id: 'user', phone_number: 'number' },
}

/** Where a writer does not name the rows that a reader looks up, and why the outcome is that of some serial order. */
const allowed: Readonly<Record<string, string>> = {
  'AssociatePhoneNumberWithUser reads assignments, DisassociatePhoneNumberFromUser writes it':
    'A disassociation cannot name its number. The association finds it held, as if it had come before.',
  'AssociatePhoneNumberWithUser reads phone_numbers, DisassociatePhoneNumberFromUser writes it':
    'Only the time of the last update is written, which an association does not read.',
  'AssociatePhoneNumberWithUser reads users, CreateUser writes it': 'No other call knows the id of a new user yet.',
  'DisassociatePhoneNumberFromUser reads users, CreateUser writes it': 'No other call knows the id of a new user yet.',
  'CreateUser reads assignments, AssociatePhoneNumberWithUser writes it':
    'CreateUser looks whether an address is taken; the number of its user does not matter.',
  'CreateUser reads assignments, DisassociatePhoneNumberFromUser writes it':
    'CreateUser looks whether an address is taken; the number of its user does not matter.',
  'CreateUser reads users, AssociatePhoneNumberWithUser writes it':
    'An association writes telephony settings only, and CreateUser looks for an address.',
  'CreateUser reads users, DisassociatePhoneNumberFromUser writes it':
    'A disassociation writes telephony settings only, and CreateUser looks for an address.',
}

test('interleaved operations name what one of them writes and another reads', async () => {
  const names = (Object.keys(handlers) as Name[]).filter((name) => handlers[name].conflictKeys !== undefined)
  const footprints: Footprint[] = []
  for (const name of names) footprints.push(await footprintOf(name))
  const unprotected = footprints.flatMap((reader) => footprints.flatMap((writer) => listUnprotected(reader, writer)))
  expect(unprotected.toSorted()).toEqual(Object.keys(allowed).toSorted())
})

interface Footprint<Operation extends Name = Name> {
  name: Operation
  lookups: Lookup[]
  writes: Set<string>
  /** Of its conflict keys: `user`, for example. */
  kinds: ReadonlySet<string>
}

interface Lookup {
  table: string
  /** Of the keys that would name the rows it finds. */
  kinds: readonly string[]
}

/** Runs the operation in a transaction that notes the tables of its statements. */
async function footprintOf<Operation extends Name>(name: Operation): Promise<Footprint<Operation>> {
  const makeInput = inputs[name]
  if (!makeInput) throw new Error(`${name} has conflict keys; add an input for it here`)
  const input = await makeInput()
  const { conflictKeys, handle } = handlers[name]
  const keys = conflictKeys?.(input, caller) ?? []
  const footprint: Footprint<Operation> = {
    name,
    lookups: [],
    writes: new Set<string>(),
    kinds: new Set(keys.map(kindOf)),
  }
  await belfry.database.write((db) =>
    handle(input, {
      caller,
      db: recording(db, footprint),
      now: new Date().toISOString(),
      requestId: randomUUID(),
      settings: operationSettings(readConfig({}), belfry.url),
      sealSecret: (_, secret) => secret,
    }),
  )
  expect(footprint.lookups).not.toEqual([])
  expect(footprint.writes).not.toEqual(new Set())
  return footprint
}

/** Keys begin with the AWS account, unless what they name is unique in all of them. */
const kindOf = (key: string) => /^(?:\d{12} )?(\w+) /.exec(key)?.[1] ?? key

function recording(db: Db, { lookups, writes }: Footprint): Db {
  return {
    ...({} as Db),
    runQuery(source, input) {
      lookups.push(...lookupsOf(source(db).sql))
      return db.runQuery(source, input)
    },
    runWrite(source, input) {
      const [written] = tablesOf(source(db).sql)
      writes.add(written ?? '')
      return db.runWrite(source, input)
    },
  }
}

const tablesOf = (sql: string) =>
  [...sql.matchAll(/\b(?:from|join|into|update) "(\w+)"/g)].map(([, table = '']) => table)

function lookupsOf(sql: string): Lookup[] {
  const columns = new Set([...sql.matchAll(/"(\w+)" = \?/g)].map(([, column]) => column))
  return tablesOf(sql).map((table) => {
    const kinds = Object.entries(kindsOf[table] ?? {})
    return { table, kinds: kinds.flatMap(([column, kind]) => (columns.has(column) ? [kind] : [])) }
  })
}

function listUnprotected(reader: Footprint, writer: Footprint): string[] {
  const isNamed = ({ kinds }: Lookup) =>
    kinds.length > 0 && kinds.every((kind) => reader.kinds.has(kind) && writer.kinds.has(kind))
  const unnamed = reader.lookups.filter((lookup) => writer.writes.has(lookup.table) && !isNamed(lookup))
  return [...new Set(unnamed.map(({ table }) => `${reader.name} reads ${table}, ${writer.name} writes it`))]
}
