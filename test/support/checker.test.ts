/** The checker is useful only if it finds inconsistencies: each corruption is one change to a consistent history. */
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

/** Ann has the number from 10 to 20, and Bob from 30 on. Bob is refused at 15. A client reads the number at 32. */
const history = () => {
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

const faultsOf = ({ calls, state }: ReturnType<typeof history>) => findFaults(calls, state)

test('a consistent history has no faults', () => expect(faultsOf(history())).toEqual([]))

type History = ReturnType<typeof history>
const corruptions: readonly [string, (recorded: History) => unknown, string][] = [
  ['an acknowledged association is lost', ({ state }) => state.intervals.pop(), 'was acknowledged and had no effect'],
  ['its journal line is lost', ({ state }) => state.journal.pop(), 'is not in the journal'],
  ['a refusal had an effect', ({ calls }) => change(calls, 6, { outcome: 'refused' }), 'which no client called'],
  ['a call was answered 500', ({ calls }) => change(calls, 4, { status: 500 }), 'was answered 500'],
  [
    'two users hold the number at the same time',
    ({ state }) => change(state.intervals, 0, { UnassignedTimestamp: time(31) }),
    'too early',
  ],
  ['an account is lost', ({ state }) => state.accounts.pop(), 'was acknowledged and is gone'],
  ['a user is lost', ({ state }) => state.users.shift(), 'was acknowledged and is gone'],
  [
    'an account was created by no call',
    ({ state }) => state.accounts.push({ AwsAccountId: '1', AccountId: 'b', Name: 'B' }),
    '2 accounts',
  ],
  [
    'a call returned the number with a user that did not hold it',
    ({ calls }) => change(calls, 7, { begin: at(12), end: at(13) }),
    'which did not hold it',
  ],
  [
    'a call was refused because of a holder that did not exist',
    ({ calls }) => change(calls, 4, { begin: at(25), end: at(26) }),
    'that did not exist',
  ],
  [
    'the number is stored without its holder',
    ({ state }) => change(state.numbers, 0, { Associations: [] }),
    'but the history differs',
  ],
  [
    'the user is stored without the number',
    ({ state }) => state.users.splice(1, 1, { UserId: 'bob', PrimaryEmail: 'bob' }),
    'another number than in the history',
  ],
]

test.each(corruptions)('the checker finds that %s', (_, corrupt, fault) => {
  const recorded = history()
  corrupt(recorded)
  expect(faultsOf(recorded).join('\n')).toContain(fault)
})

test('a call with an unknown outcome may or may not have taken effect', () => {
  const applied = history()
  change(applied.calls, 6, { outcome: 'unknown', end: Infinity, requestId: undefined })
  expect(faultsOf(applied)).toEqual([])
  const lost = history()
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
