/** The command `belfry journal`. */
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { givenAccount, givenAssignable, givenUser } from '../support/given.ts'
import { startFakeServer } from '../support/fake-server.ts'
import { useRemoteCommands } from '../support/remote-commands.ts'

const { belfry, folder, run, done, json, rows, refusal } = await useRemoteCommands()

test('belfry journal lists events by time, operation and resource', async () => {
  const caller = await belfry.tenant()
  const input = await givenAssignable(belfry, caller)
  await caller.chime.associatePhoneNumberWithUser(input)
  const all = await rows(['journal'], caller)
  expect(all.map(([, operation, who]) => [operation, who])).toEqual([
    ['CreateAccount', 'tester'],
    ['CreateUser', 'tester'],
    ['CreatePhoneNumberOrder', 'tester'],
    ['CompletePhoneNumberOrder', 'jobs.belfry'],
    ['AssociatePhoneNumberWithUser', 'tester'],
  ])
  const about = `Account ${input.AccountId}, User ${input.UserId}, PhoneNumber %2B${input.E164PhoneNumber.slice(1)}`
  expect(all.at(-1)?.[3]).toBe(about)
  expect(await rows(['journal', '--resource', input.UserId, '--operation', 'CreateUser'], caller)).toEqual([all[1]])
  const last = all.at(-1)?.[0] ?? ''
  const { Events } = await json(['journal', '--since', last, '--resource', input.E164PhoneNumber], caller)
  expect(Events).toMatchObject([{ EventName: 'AssociatePhoneNumberWithUser', Username: 'tester' }])
  expect(await rows(['journal', '--until', '2026-01-01T02:00+02:00'], caller)).toEqual([])
})

test('belfry journal --cloudtrail prints records in the format of CloudTrail', async () => {
  const caller = await belfry.tenant()
  const { AccountId } = await givenAssignable(belfry, caller)
  for (let count = 0; count < 100; count++) await givenUser(caller, AccountId)
  const exported = async (...args: string[]) =>
    JSON.parse(await done(['journal', '--cloudtrail', ...args], caller)) as { Records: Record<string, unknown>[] }
  const { Events } = (await json(['journal'], caller)) as { Events: { CloudTrailEvent: string }[] }
  const { Records } = await exported()
  expect(Records).toHaveLength(104)
  expect(Records).toEqual(Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent) as unknown))
  expect(Records[1]).toMatchObject({
    eventSource: 'chime.amazonaws.com',
    eventName: 'CreateUser',
    recipientAccountId: caller.awsAccountId,
    requestParameters: { accountId: AccountId, email: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
  })
  expect((await exported('--limit', '2', '--operation', 'CreateUser')).Records).toEqual(
    Records.filter(isOf('CreateUser')).slice(0, 2),
  )
  expect(await exported('--until', '2026-01-01')).toEqual({ Records: [] })
})

test('belfry journal export writes the events to a new file, one to a line', async () => {
  const caller = await belfry.tenant()
  const AccountId = await givenAccount(caller)
  for (let count = 0; count < 100; count++) await givenUser(caller, AccountId)
  const file = join(folder, 'journal.jsonl')
  expect(await done(['journal', 'export', file], caller)).toBe(`Wrote 101 events to ${file}.\n`)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const { Events } = await json(['journal'], caller)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(Events)
  expect(statSync(file).mode & 0o777).toBe(0o600)

  expect(await refusal(['journal', 'export', file])).toContain(`1 belfry: The file ${file} exists already`)
  const nowhere = join(folder, 'none', 'x')
  expect(await refusal(['journal', 'export', nowhere])).toContain('cannot be written (ENOENT)')
  const some = join(folder, 'some.jsonl')
  await done(['journal', 'export', some, '--operation', 'CreateUser', '--limit', '2'], caller)
  expect(readFileSync(some, 'utf8').match(/"EventName":"CreateUser"/g)).toHaveLength(2)
  const url = await startFakeServer((_, response) => void response.end('{"Events":[{}],"NextToken":"x'))
  expect(await refusal(['journal', 'export', join(folder, 'half'), '--endpoint-url', url])).toContain('not Belfry')
  expect(readdirSync(folder).filter((name) => name.startsWith('half'))).toEqual([])
})

const isOf = (name: string) => (record: Record<string, unknown>) => record['eventName'] === name

test('belfry journal prints a page of 200,000 events', async () => {
  const Events = Array.from({ length: 200_000 }, () => ({ EventName: 'x' }))
  const url = await startFakeServer((_, response) => void response.end(JSON.stringify({ Events })))
  const { code, stdout, stderr } = await run(['journal', '--endpoint-url', url])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.split('\n')).toHaveLength(200_002)
})
