/** One AWS account never sees, changes, or learns of what belongs to another: proved for every operation. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Operation } from '../../src/contract/operation.ts'
import { contracts } from '../../src/domains/contracts.ts'
import { type Tenant, type TestBelfry, startBelfry } from '../support/belfry.ts'
import { type Names, unusedNames, givenEverything, readAll } from '../support/everything.ts'
import { type RawAnswer, callBelfry, sendSigned } from '../support/raw.ts'
import { sampleRequest } from '../support/samples.ts'

let belfry: TestBelfry
let owner: Tenant
let theirs: Names
let nothing: Names
let stranger: Tenant
let own: Names
/** A stranger who never named what is not theirs. */
let onlooker: Tenant

beforeAll(async () => {
  belfry = await startBelfry()
  owner = await belfry.tenant()
  theirs = await givenEverything(belfry, owner)
  await belfry.runJobs()
  nothing = unusedNames()
  stranger = await belfry.tenant()
  own = await givenEverything(belfry, stranger)
  onlooker = await belfry.tenant()
})

const all = Object.entries(contracts) as [string, Operation][]

/** In how far the stranger stays at home: what they name is theirs, or belongs to the other. */
const rounds: [string, (keyof Names)[]][] = [
  ['names nothing of their own', []],
  ['begins at their own account', ['AccountId']],
  ['names their own, but for numbers', ['AccountId', 'UserId', 'RoomId', 'BotId', 'ConversationId', 'PrincipalName']],
  [
    'names their own rooms, but not who is in them',
    ['AccountId', 'RoomId', 'ConversationId', 'MeetingId', 'JoinToken'],
  ],
]

/** Stock belongs to the whole installation, and the id of an imported key must be free in all of it. */
const shared = new Set(['AddStock'])
const notImported = { AccessKeyId: undefined, SecretAccessKey: undefined }

describe.each(rounds)('a stranger who %s', (_, atHome) => {
  test('gets the answers of those who name what nobody has, and changes nothing', async () => {
    const before = await readAll(belfry, owner.awsAccountId)
    const [told, expected]: unknown[][] = [[], []]
    for (const [name, operation] of all.filter(([name]) => !shared.has(name))) {
      const [real, ghost] = [namesOf(theirs, atHome), namesOf(nothing, atHome)]
      if (!namesAny(name, operation, real, atHome)) continue
      const caller = name === 'ListEvents' ? onlooker : stranger
      told?.push([name, neutral(await answerTo(caller, name, operation, real), theirs)])
      expected?.push([name, neutral(await answerTo(caller, name, operation, ghost), nothing)])
    }
    expect(told?.length).toBeGreaterThan(20)
    expect(told).toEqual(expected)
    expect(await readAll(belfry, owner.awsAccountId)).toEqual(before)
  })
})

test.each(all)('%s shows a stranger nothing', async (name, operation) => {
  const answer = await answerTo(onlooker, name, operation, namesOf(nothing, []))
  for (const id of Object.values(theirs)) expect(answer.body).not.toContain(id)
})

test('the listings of a stranger are empty', async () => {
  const newcomer = await belfry.tenant()
  const { chime } = newcomer
  expect((await chime.listAccounts()).Accounts).toEqual([])
  expect((await chime.listPhoneNumbers()).PhoneNumbers).toEqual([])
  expect((await chime.listPhoneNumberOrders()).PhoneNumberOrders).toEqual([])
  const list = async (path: string) => (await callBelfry(belfry.url, newcomer, `GET ${path}`)).json
  expect((await list('/events'))['Events']).toEqual([])
  expect((await list('/principals'))['Principals']).toMatchObject([{ PrincipalName: 'tester' }])
  const policies = (await list('/policies'))['Policies'] as { BuiltIn: boolean }[]
  expect(policies.filter(({ BuiltIn }) => !BuiltIn)).toEqual([])
})

/** Everything of one AWS account, but for what the stranger has at home. */
const namesOf = (names: Names, atHome: (keyof Names)[]): Names => ({
  ...names,
  ...Object.fromEntries(atHome.map((member) => [member, own[member]])),
})

/** The same by every member there is, in lists and structures too. */
function membersOf(name: string, names: Names) {
  const { UserId, PhoneNumberId, MemberId, E164PhoneNumber, UserEmail } = names
  return {
    ...names,
    UserIdList: [UserId],
    MemberIds: [own.UserId, MemberId],
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

/** Whether the operation takes anything by which the stranger can name what is not theirs. */
function namesAny(name: string, { input }: Operation, names: Names, atHome: readonly string[]): boolean {
  const sent = Object.entries(membersOf(name, names)).filter(([, value]) => value !== undefined)
  return sent.some(([member]) => member in input.shape && !atHome.includes(member))
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

/** What was not sent must not be in the query either. */
function withoutUndefined({ path, ...request }: ReturnType<typeof sampleRequest>) {
  return { ...request, path: path.replace(/[?&][\w-]+=undefined\b/g, '').replace(/^([^?&]*)&/, '$1?') }
}

/** An answer without the names that were sent, and without what is new each time. */
function neutral({ status, headers, body }: RawAnswer, names: Names): unknown {
  let text = body
  for (const [member, id] of Object.entries(names).toSorted())
    text = text.replaceAll(id.replace(/^\+/, ''), `{${member}}`)
  const plain = text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '{time}')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{new}')
  return [status, headers['x-amzn-errortype'], plain]
}
