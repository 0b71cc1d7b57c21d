/** The recorder is worth something only if lies are found: each of these is one change to a story that holds. */
import { expect, test } from 'vitest'
import { findFaults } from './checker.ts'
import type { State } from './final-state.ts'
import type { Call } from './call-recorder.ts'

const ann = { AccountId: 'a', UserId: 'ann' }
const bob = { AccountId: 'a', UserId: 'bob' }
const number = '+12065550100'
const at = (second: number) => Date.UTC(2026, 0, 1, 0, 0, second)
const time = (second: number) => new Date(at(second)).toISOString()

const call = (name: string, second: number, input: Call['input'], more: Partial<Call> = {}): Call => ({
  name,
  input,
  output: {},
  begin: at(second),
  end: at(second + 1),
  outcome: 'done',
  status: 200,
  requestId: `r${second}`,
  message: '',
  ...more,
})

/** Ann has the number from 10 to 20, Bob from 30 on; Bob was refused at 15; somebody looked at 32. */
const story = () => {
  const taken = {
    outcome: 'refused',
    status: 400,
    message: 'The phone number is associated with another user',
  } as const
  const shown = { E164PhoneNumber: number, Associations: [{ Value: 'a' }, { Value: 'bob' }] }
  const calls = [
    call('CreateAccount', 1, { Name: 'A' }, { output: { Account: { AccountId: 'a' } } }),
    call('CreateUser', 2, { AccountId: 'a', Email: 'ann' }, { output: { User: { UserId: 'ann' } } }),
    call('CreateUser', 3, { AccountId: 'a', Email: 'bob' }, { output: { User: { UserId: 'bob' } } }),
    call('AssociatePhoneNumberWithUser', 10, { ...ann, E164PhoneNumber: number }),
    call('AssociatePhoneNumberWithUser', 15, { ...bob, E164PhoneNumber: number }, taken),
    call('DisassociatePhoneNumberFromUser', 20, ann),
    call('AssociatePhoneNumberWithUser', 30, { ...bob, E164PhoneNumber: number }),
    call('GetPhoneNumber', 32, { PhoneNumberId: number }, { output: { PhoneNumber: shown } }),
  ]
  const line = (name: string, second: number, parameters = {}) => ({
    name,
    time: at(second),
    requestId: `r${second}`,
    parameters,
  })
  const interval = (user: typeof ann, from: number, until?: number) => ({
    E164PhoneNumber: number,
    ...user,
    AssignedTimestamp: time(from),
    AssignRequestId: `r${from}`,
    UnassignedTimestamp: until === undefined ? null : time(until),
    UnassignRequestId: until === undefined ? null : `r${until}`,
  })
  const state: State = {
    accounts: [{ AwsAccountId: '1', AccountId: 'a', Name: 'A' }],
    users: [
      { UserId: 'ann', PrimaryEmail: 'ann' },
      { UserId: 'bob', PrimaryEmail: 'bob', PrimaryProvisionedNumber: number },
    ],
    numbers: [{ ...shown, Status: 'Assigned' }] as State['numbers'],
    orders: [],
    intervals: [interval(ann, 10, 20), interval(bob, 30)],
    journal: [
      line('CreateAccount', 1),
      line('CreateUser', 2, { AccountId: 'a' }),
      line('CreateUser', 3, { AccountId: 'a' }),
      line('AssociatePhoneNumberWithUser', 10, ann),
      line('DisassociatePhoneNumberFromUser', 20, ann),
      line('AssociatePhoneNumberWithUser', 30, bob),
    ],
  }
  return { calls, state }
}

const faultsOf = ({ calls, state }: ReturnType<typeof story>) => findFaults(calls, state)

test('a story that holds has no fault', () => expect(faultsOf(story())).toEqual([]))

type Story = ReturnType<typeof story>
const lies: readonly [string, (told: Story) => unknown, string][] = [
  ['an acknowledged association is lost', ({ state }) => state.intervals.pop(), 'was acknowledged and had no effect'],
  ['its line in the journal is lost', ({ state }) => state.journal.pop(), 'is not in the journal'],
  ['a refusal had an effect', ({ calls }) => change(calls, 6, { outcome: 'refused' }), 'which nobody did'],
  ['a call was answered 500', ({ calls }) => change(calls, 4, { status: 500 }), 'was answered 500'],
  [
    'two hold the number at once',
    ({ state }) => change(state.intervals, 0, { UnassignedTimestamp: time(31) }),
    'too early',
  ],
  ['an account is lost', ({ state }) => state.accounts.pop(), 'was acknowledged and is gone'],
  ['a user is lost', ({ state }) => state.users.shift(), 'was acknowledged and is gone'],
  [
    'an account is nobody’s',
    ({ state }) => state.accounts.push({ AwsAccountId: '1', AccountId: 'b', Name: 'B' }),
    '2 accounts',
  ],
  [
    'it was seen with somebody who had it not',
    ({ calls }) => change(calls, 7, { begin: at(12), end: at(13) }),
    'who had it not',
  ],
  [
    'it was refused for a holder there was not',
    ({ calls }) => change(calls, 4, { begin: at(25), end: at(26) }),
    'there was not',
  ],
  [
    'the number shows nobody',
    ({ state }) => change(state.numbers, 0, { Associations: [] }),
    'the history says otherwise',
  ],
  [
    'the user shows no number',
    ({ state }) => state.users.splice(1, 1, { UserId: 'bob', PrimaryEmail: 'bob' }),
    'another number than in the history',
  ],
]

test.each(lies)('%s', (_, lie, fault) => {
  const told = story()
  lie(told)
  expect(faultsOf(told).join('\n')).toContain(fault)
})

test('a call that broke off may have had its effect, and may not', () => {
  const done = story()
  change(done.calls, 6, { outcome: 'unknown', end: Infinity, requestId: undefined })
  expect(faultsOf(done)).toEqual([])
  const lost = story()
  change(lost.calls, 6, { outcome: 'unknown', end: Infinity, requestId: undefined })
  lost.calls.pop()
  lost.state.journal.pop()
  lost.state.intervals.pop()
  lost.state.users.splice(1, 1, { UserId: 'bob', PrimaryEmail: 'bob' })
  change(lost.state.numbers, 0, { Status: 'Unassigned', Associations: [] })
  expect(faultsOf(lost)).toEqual([])
})

function change<Item extends object>(items: Item[], index: number, changes: Partial<Item>) {
  Object.assign(items[index] ?? {}, changes)
}
