/** For every operation: a caller cannot read, change or learn of resources of another AWS account. */
import { describe, expect, test } from 'vitest'
import type { Operation } from '../../src/contract/operation.ts'
import { contracts } from '../../src/domains/contracts.ts'
import { type Tenant, useBelfry } from '../support/belfry.ts'
import { type Names, unusedNames, givenEverything, readAll } from '../support/everything.ts'
import { type RawAnswer, callBelfry, sendSigned } from '../support/raw.ts'
import { sampleRequest } from '../support/samples.ts'

const { belfry, tenant: owner } = await useBelfry()
const ownersNames = await givenEverything(belfry, owner)
await belfry.runJobs()
const unused = unusedNames()
const intruder = await belfry.tenant()
const intrudersNames = await givenEverything(belfry, intruder)
/** An intruder whose own journal names no resource of the owner. */
const newcomer = await belfry.tenant()

const all = Object.entries(contracts) as [string, Operation][]

/** The members for which the intruder sends own names; for the others, names of the owner. */
const rounds: [string, (keyof Names)[]][] = [
  ['names only resources of the owner', []],
  ['names resources of the owner in an account of the intruder', ['AccountId']],
  ['names phone numbers of the owner', ['AccountId', 'UserId', 'RoomId', 'BotId', 'ConversationId', 'PrincipalName']],
  [
    'names users of the owner in rooms of the intruder',
    ['AccountId', 'RoomId', 'ConversationId', 'MeetingId', 'JoinToken'],
  ],
]

/** Stock belongs to the whole installation, and the id of an imported key must be free in all of it. */
const shared = new Set(['AddStock'])
const notImported = { AccessKeyId: undefined, SecretAccessKey: undefined }

describe.each(rounds)('an intruder that %s', (_, ownMembers) => {
  test('gets the same responses as for unused names, and changes nothing', async () => {
    const before = await readAll(belfry, owner.awsAccountId)
    const [responses, expected]: unknown[][] = [[], []]
    for (const [name, operation] of all.filter(([name]) => !shared.has(name))) {
      const [real, missing] = [namesOf(ownersNames, ownMembers), namesOf(unused, ownMembers)]
      if (!namesAny(name, operation, real, ownMembers)) continue
      const caller = name === 'ListEvents' ? newcomer : intruder
      responses?.push([name, neutral(await answerTo(caller, name, operation, real), ownersNames)])
      expected?.push([name, neutral(await answerTo(caller, name, operation, missing), unused)])
    }
    expect(responses?.length).toBeGreaterThan(20)
    expect(responses).toEqual(expected)
    expect(await readAll(belfry, owner.awsAccountId)).toEqual(before)
  })
})

test.each(all)('a response of %s contains no name of another AWS account', async (name, operation) => {
  const answer = await answerTo(newcomer, name, operation, namesOf(unused, []))
  for (const id of Object.values(ownersNames)) expect(answer.body).not.toContain(id)
})

test('the listings of a new AWS account are empty', async () => {
  const caller = await belfry.tenant()
  const { chime } = caller
  expect((await chime.listAccounts()).Accounts).toEqual([])
  expect((await chime.listPhoneNumbers()).PhoneNumbers).toEqual([])
  expect((await chime.listPhoneNumberOrders()).PhoneNumberOrders).toEqual([])
  const list = async (path: string) => (await callBelfry(belfry.url, caller, `GET ${path}`)).json
  expect((await list('/events'))['Events']).toEqual([])
  expect((await list('/principals'))['Principals']).toMatchObject([{ PrincipalName: 'tester' }])
  const policies = (await list('/policies'))['Policies'] as { BuiltIn: boolean }[]
  expect(policies.filter(({ BuiltIn }) => !BuiltIn)).toEqual([])
})

/** The names of one AWS account, with names of the intruder for some members. */
const namesOf = (names: Names, ownMembers: (keyof Names)[]): Names => ({
  ...names,
  ...Object.fromEntries(ownMembers.map((member) => [member, intrudersNames[member]])),
})

/** The names by all members that can carry them, including lists and structures. */
function membersOf(name: string, names: Names) {
  const { UserId, PhoneNumberId, MemberId, E164PhoneNumber, UserEmail } = names
  return {
    ...names,
    UserIdList: [UserId],
    MemberIds: [intrudersNames.UserId, MemberId],
    PhoneNumberIds: [PhoneNumberId],
    E164PhoneNumbers: [E164PhoneNumber],
    ToPhoneNumber: '+12065550111',
    UpdateUserRequestItems: [{ UserId }],
    UpdatePhoneNumberRequestItems: [{ PhoneNumberId, ProductType: 'VoiceConnector' }],
    MembershipItemList: [{ MemberId, Role: 'Member' }],
    FilterName: 'UserId',
    FilterValue: UserId,
    ResourceId: UserId,
    UserEmail,
    ...(name === 'CreateAccessKey' && notImported),
  }
}

/** Whether the operation has a member by which the intruder can name a resource of the owner. */
function namesAny(name: string, { input }: Operation, names: Names, ownMembers: readonly string[]): boolean {
  const sent = Object.entries(membersOf(name, names)).filter(([, value]) => value !== undefined)
  return sent.some(([member]) => member in input.shape && !ownMembers.includes(member))
}

function answerTo(caller: Tenant, name: string, operation: Operation, names: Names): Promise<RawAnswer> {
  const replaced = {
    ...membersOf(name, names),
    LambdaFunctionArn: undefined,
    MaxResults: undefined,
    NextToken: undefined,
  }
  return sendSigned(belfry.url, caller, withoutUndefined(sampleRequest(operation, replaced)))
}

/** Removes undefined parameters from the query. */
function withoutUndefined({ path, ...request }: ReturnType<typeof sampleRequest>) {
  return { ...request, path: path.replace(/[?&][\w-]+=undefined\b/g, '').replace(/^([^?&]*)&/, '$1?') }
}

/** A response with the sent names, times and new ids replaced by placeholders. */
function neutral({ status, headers, body }: RawAnswer, names: Names): unknown {
  let text = body
  for (const [member, id] of Object.entries(names).toSorted())
    text = text.replaceAll(id.replace(/^\+/, ''), `{${member}}`)
  const plain = text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '{time}')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{new}')
  return [status, headers['x-amzn-errortype'], plain]
}
