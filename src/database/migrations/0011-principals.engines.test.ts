/** Migration 0011 on a database in which each access key has a policy of its own. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase } from '../open.ts'
import type { Db } from '../transaction.ts'
import { createSealer } from '../../identity/sealing.ts'
import { undoPrincipalsMigration } from '../../../test/support/undo-principals-migration.ts'
import { type Tenant, createClient, newDatabase, startBelfry } from '../../../test/support/belfry.ts'
import { refused } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

const awsAccountId = '444455556666'
const everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
const readOnly = '{"Statement":{"Effect":"Allow","Action":"chime:List*","Resource":"*"}}'
const denyAll = '{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'
/** Accepted before migration 0011, but not a policy that can be evaluated today. */
const strange = '{"Version":"none","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'

const keys = [
  { id: 'AKIAANNREADONLY00', name: 'ann', policy: readOnly },
  { id: 'AKIAANNEVERYTHING', name: 'ann', policy: everything },
  { id: 'AKIAANNREADONLY01', name: 'ann', policy: readOnly },
  { id: 'AKIAANNNOTHING000', name: 'ann', policy: denyAll },
  { id: 'AKIAANN2READONLY0', name: 'ann-2', policy: readOnly },
  { id: 'AKIABOBSTRANGE000', name: 'bob', policy: strange },
  { id: 'AKIACALLEDSOALONE', name: 'AdministratorAccess', policy: readOnly },
]
const secretAccessKey = 'the secret of all of them'
const sealingKey = randomBytes(32)

/** Undoes migration 0011 and inserts keys as they were before it. */
async function makeOld(db: Db) {
  await undoPrincipalsMigration(db)
  const sealer = createSealer(sealingKey)
  for (const [index, { id, name, policy }] of keys.entries())
    await sql`insert into access_keys
      (access_key_id, aws_account_id, principal_arn, sealed_secret, status, policy, requests_per_second, created_at)
      values (${id}, ${awsAccountId}, ${`arn:aws:iam::${awsAccountId}:user/${name}`},
        ${sealer.seal(id, secretAccessKey)}, 'Active', ${policy}, ${100 + index}, ${`2026-01-0${index + 1}T00:00:00.000Z`})`.execute(
      db,
    )
}

async function startOnOld() {
  const url = await newDatabase()
  const database = await openDatabase(url)
  await database.write(makeOld)
  await database.close()
  return startBelfry({ DATABASE: url, SEALING_KEY: sealingKey.toString('base64') })
}

test('every key keeps exactly the permissions that it had before', async () => {
  const belfry = await startOnOld()
  const tenantOf = (accessKeyId: string): Tenant => {
    const credentials = { accessKeyId, secretAccessKey }
    const chime = createClient(belfry.url, credentials)
    return { chime, credentials, awsAccountId, principal: '', now: () => new Date() }
  }
  const outcome = (call: Promise<unknown>) =>
    call.then(
      () => 'allowed',
      (error: Error) => error.message.replace(/^.*user\/(\S+) .* on resource: \* (.*)$/, '$1 $2'),
    )
  const outcomes = await Promise.all(
    keys.map(async ({ id }) => {
      const { chime } = tenantOf(id)
      return [id, await outcome(chime.listAccounts()), await outcome(chime.createAccount({ Name: 'x' }))]
    }),
  )
  const unspoken = 'because no identity-based policy allows the chime:CreateAccount action'
  const denied = 'with an explicit deny in an identity-based policy'
  expect(outcomes).toEqual([
    ['AKIAANNREADONLY00', 'allowed', `ann-3 ${unspoken}`],
    ['AKIAANNEVERYTHING', 'allowed', 'allowed'],
    ['AKIAANNREADONLY01', 'allowed', `ann-3 ${unspoken}`],
    ['AKIAANNNOTHING000', `ann-4 ${denied}`, `ann-4 ${denied}`],
    ['AKIAANN2READONLY0', 'allowed', `ann-2 ${unspoken}`],
    ['AKIABOBSTRANGE000', `bob ${denied}`, `bob ${denied}`],
    ['AKIACALLEDSOALONE', 'allowed', `AdministratorAccess ${unspoken}`],
  ])
  const ann = tenantOf('AKIAANNEVERYTHING')
  const read = async (path: string) => (await callBelfry(belfry.url, ann, `GET ${path}`)).json
  const before = { PrincipalName: 'AdministratorAccess', PolicyNames: ['AdministratorAccess.before'] }
  expect((await read('/principals'))['Principals']).toMatchObject([
    { ...before, PrincipalType: 'Person' },
    { PrincipalName: 'ann', PrincipalType: 'Administrator', PolicyNames: ['AdministratorAccess'] },
    { PrincipalName: 'ann-2', PrincipalType: 'Person', PolicyNames: ['ann-2'] },
    { PrincipalName: 'ann-3', PrincipalType: 'Person', PolicyNames: ['ann-3'] },
    { PrincipalName: 'ann-4', PrincipalType: 'Person', PolicyNames: ['ann-4'] },
    { PrincipalName: 'bob', PrincipalType: 'Person', PolicyNames: ['bob'] },
  ])
  expect((await read('/policies/ann-4'))['Policy']).toMatchObject({ PolicyDocument: denyAll })
  expect((await read('/principals/ann-3/access-keys'))['AccessKeys']).toMatchObject([
    { AccessKeyId: 'AKIAANNREADONLY00', RequestsPerSecond: 100, CreatedTimestamp: '2026-01-01T00:00:00.000Z' },
    { AccessKeyId: 'AKIAANNREADONLY01', RequestsPerSecond: 102, Status: 'Active' },
  ])
  expect(
    await refused(createClient(belfry.url, { accessKeyId: 'AKIAANNEVERYTHING', secretAccessKey: 'x' }).listAccounts()),
  ).toMatch(/^403 InvalidSignature/)
})
