/**
 * Checks the recorded calls of concurrent clients against the final state. It assumes only that calls are atomic and
 * linearizable: each takes effect completely or not at all, at one instant between its beginning and its end.
 */
import type { PhoneNumber } from '@aws-sdk/client-chime'
import type { Interval, JournalLine, State } from './final-state.ts'
import type { Call } from './call-recorder.ts'

/** Returns one sentence for each inconsistency. */
export function findFaults(calls: readonly Call[], state: State): string[] {
  const journal = explainJournal(calls, state)
  const spans = state.intervals.map((interval) => toSpan(interval, journal.calls))
  return [
    ...calls.filter(({ status = 0 }) => status === 500).map((call) => `${tell(call)} was answered 500`),
    ...journal.faults,
    ...findOverlaps(spans, ({ number }) => number),
    ...findOverlaps(spans, ({ user }) => user),
    ...findHalfAssignments(state),
    ...findMisstamped(spans),
    ...calls.flatMap((call) => judgements[call.name]?.(call, spans, state, calls) ?? []),
    ...findMiscounted(state),
    ...findRepeatedJobs(state),
    ...state.numbers.flatMap((number) => judgeNumber(number, calls, state)),
    ...findDisagreements(state),
  ]
}

const tell = ({ name, input, requestId }: Pick<Call, 'name' | 'input' | 'requestId'>) =>
  `${name} ${JSON.stringify(input)} (${requestId})`

/** Every successful call has one line in the journal, a refused call has none, and every line belongs to one call. */
function explainJournal(calls: readonly Call[], state: State) {
  const faults: string[] = []
  const byId = new Map(calls.map((call) => [call.requestId, call]))
  const lost = new Set(calls.filter(({ requestId }) => requestId === undefined))
  const noted = new Set(calls.map(({ name }) => name))
  const explained = new Map<string, Call>()
  for (const line of state.journal.filter(({ name }) => noted.has(name))) {
    const call = byId.get(line.requestId) ?? findLost(line, lost, state)
    if (!call || call.name !== line.name || call.outcome === 'refused' || explained.has(line.requestId))
      faults.push(
        `the journal has ${line.name} ${JSON.stringify(line.parameters)} (${line.requestId}), which no client called`,
      )
    else explained.set(line.requestId, call)
    if (call) lost.delete(call)
  }
  for (const call of calls)
    if (call.outcome === 'done' && !call.name.startsWith('Get') && !explained.has(call.requestId ?? ''))
      faults.push(`${tell(call)} was acknowledged and is not in the journal`)
  return { faults, calls: explained }
}

/** A call without a response that may have written the line. */
function findLost(line: JournalLine, lost: ReadonlySet<Call>, { intervals }: State): Call | undefined {
  const number = intervals.find(({ AssignRequestId }) => AssignRequestId === line.requestId)?.E164PhoneNumber
  const isLike = ({ name, input, begin }: Call) =>
    name === line.name &&
    begin <= line.time &&
    ids.every((id) => input[id] === line.parameters[id]) &&
    (number === undefined || number === input['E164PhoneNumber'])
  return [...lost].find(isLike)
}

/** Ids are not masked in the journal. */
const ids = ['AccountId', 'UserId', 'PhoneNumberId']

/** One assignment of a number to a user, with the calls that began and ended it. */
interface Span {
  number: string
  user: string
  from: number
  until: number
  /** Undefined if the journal has no such call, which is reported separately. */
  opens: Call | undefined
  closes: Call | undefined
  closedBy: string | null
}

const toSpan = (interval: Interval, calls: ReadonlyMap<string, Call>): Span => ({
  number: interval.E164PhoneNumber,
  user: `${interval.AccountId}/${interval.UserId}`,
  from: Date.parse(interval.AssignedTimestamp),
  until: interval.UnassignedTimestamp === null ? Infinity : Date.parse(interval.UnassignedTimestamp),
  opens: calls.get(interval.AssignRequestId),
  closes: calls.get(interval.UnassignRequestId ?? ''),
  closedBy: interval.UnassignRequestId,
})

function findOverlaps(spans: readonly Span[], keyOf: (span: Span) => string): string[] {
  return [...Map.groupBy(spans, keyOf)].flatMap(([key, of]) => {
    const sorted = of.toSorted((a, b) => a.from - b.from || a.until - b.until)
    const overlapping = sorted.filter((span, index) => span.from < (sorted[index - 1]?.until ?? 0))
    return overlapping.map(({ number, user, from }) => `${number} of ${user} begins at ${from}, too early for ${key}`)
  })
}

const endings = new Set(['DisassociatePhoneNumberFromUser', 'BatchSuspendUser', 'DeleteAccount'])

/** The journal has a line for the beginning and the end of each interval, with the same request ids. */
function findHalfAssignments({ intervals, journal }: State): string[] {
  const names = new Map(journal.map(({ requestId, name }) => [requestId, name]))
  return intervals.flatMap(({ E164PhoneNumber, AssignRequestId, UnassignRequestId }) => [
    ...(names.get(AssignRequestId) === 'AssociatePhoneNumberWithUser'
      ? []
      : [`${E164PhoneNumber} was associated by ${AssignRequestId}, which is not in the journal`]),
    ...(UnassignRequestId === null || endings.has(names.get(UnassignRequestId) ?? '')
      ? []
      : [`${E164PhoneNumber} was disassociated by ${UnassignRequestId}, which is not in the journal`]),
  ])
}

/** An interval begins and ends during the calls that begin and end it. */
function findMisstamped(spans: readonly Span[]): string[] {
  const isWithin = (time: number, call: Call | undefined) => !call || (call.begin <= time && time <= call.end)
  return spans
    .filter(({ from, until, opens, closes }) => !isWithin(from, opens) || !isWithin(until, closes))
    .map(({ number, user, from, until }) => `${number} of ${user} has impossible times: ${from} to ${until}`)
}

/** Whether the call could see the interval. */
const mayMeet = ({ opens, until, closes }: Span, { begin, end }: Call) =>
  (opens?.begin ?? 0) <= end && (until === Infinity || (closes?.end ?? Infinity) >= begin)

/** Whether the call must see the interval. */
const mustMeet = ({ opens, until, closes }: Span, { begin, end }: Call) =>
  (opens?.end ?? Infinity) < begin && (until === Infinity || (closes?.begin ?? 0) > end)

type Judge = (call: Call, spans: readonly Span[], state: State, calls: readonly Call[]) => string[]

const unless = (condition: boolean, call: Call, what: string) => (condition ? [] : [`${tell(call)} ${what}`])
const userOf = ({ input }: Call) => `${String(input['AccountId'])}/${String(input['UserId'])}`

/** Checks one call by its response. */
const judgements: Readonly<Record<string, Judge>> = {
  AssociatePhoneNumberWithUser(call, spans) {
    const [number, user] = [call.input['E164PhoneNumber'], userOf(call)]
    const seen = spans.filter((span) => mayMeet(span, call))
    if (call.outcome === 'done')
      return unless(
        seen.some((span) => span.number === number && span.user === user),
        call,
        'was acknowledged and had no effect',
      )
    if (call.message === 'The phone number is associated with another user')
      return unless(
        seen.some((span) => span.number === number && span.user !== user),
        call,
        'was refused for a holder that did not exist',
      )
    if (call.message === 'The user is associated with another phone number')
      return unless(
        seen.some((span) => span.number !== number && span.user === user),
        call,
        'was refused for a number that the user did not hold',
      )
    return []
  },
  DisassociatePhoneNumberFromUser(call, spans) {
    const own = spans.filter(({ user }) => user === userOf(call))
    if (call.outcome === 'done')
      return unless(
        own.some(({ closedBy }) => closedBy === call.requestId),
        call,
        'was acknowledged and had no effect',
      )
    if (!call.message.startsWith('Could not find PhoneNumber')) return []
    return unless(!own.some((span) => mustMeet(span, call)), call, 'overlooked the number')
  },
  GetPhoneNumber(call, spans) {
    if (call.outcome !== 'done') return []
    const shown = call.output['PhoneNumber'] as PhoneNumber
    const of = spans.filter(({ number }) => number === shown.E164PhoneNumber)
    const holder = holderIn(shown)
    if (holder === undefined) return unless(!of.some((span) => mustMeet(span, call)), call, 'overlooked the holder')
    return unless(
      of.some((span) => span.user === holder && mayMeet(span, call)),
      call,
      `returned ${holder}, which did not hold it`,
    )
  },
  CreateAccount(call, _, { accounts }, calls) {
    if (call.outcome !== 'done') return []
    const { AccountId } = call.output['Account'] as { AccountId: string }
    const deleted = calls.filter(({ name, input }) => name === 'DeleteAccount' && input['AccountId'] === AccountId)
    const stored = accounts.find((account) => account.AccountId === AccountId)
    if (deleted.some(({ outcome }) => outcome === 'done'))
      return unless(!stored, call, 'was deleted and is still there')
    return unless(stored?.Name === call.input['Name'] || mayHave(deleted), call, 'was acknowledged and is gone')
  },
  CreateUser(call, _, { users, accounts }) {
    const { AccountId } = call.input
    if (call.outcome !== 'done' || !accounts.some((account) => account.AccountId === AccountId)) return []
    const { UserId } = call.output['User'] as { UserId: string }
    return unless(
      users.some((user) => user.UserId === UserId && user.PrimaryEmail === call.input['Email']),
      call,
      'was acknowledged and is gone',
    )
  },
  CreatePhoneNumberOrder(call, _, { orders }) {
    if (call.outcome !== 'done') return []
    const { PhoneNumberOrderId } = call.output['PhoneNumberOrder'] as { PhoneNumberOrderId: string }
    return unless(
      orders.some((order) => order.PhoneNumberOrderId === PhoneNumberOrderId),
      call,
      'was acknowledged and is gone',
    )
  },
}

const mayHave = (calls: readonly Call[]) => calls.some(({ outcome }) => outcome !== 'refused')

const holderIn = ({ Associations = [] }: PhoneNumber): string | undefined => {
  const [account, user] = Associations
  return user && `${account?.Value}/${user.Value}`
}

/** The numbers of accounts and orders agree with the journal, including calls whose outcome is unknown. */
function findMiscounted({ accounts, orders, journal }: State): string[] {
  const lines = (name: string) => journal.filter((line) => line.name === name).length
  const expected = {
    accounts: lines('CreateAccount') - lines('DeleteAccount'),
    orders: lines('CreatePhoneNumberOrder'),
  }
  return [
    ...(accounts.length === expected.accounts
      ? []
      : [`${accounts.length} accounts, ${expected.accounts} by the journal`]),
    ...(orders.length === expected.orders ? [] : [`${orders.length} orders, ${expected.orders} by the journal`]),
  ]
}

/** Each finished order was completed exactly once. */
function findRepeatedJobs({ orders, journal }: State): string[] {
  const completions = journal.filter(({ name }) => name === 'CompletePhoneNumberOrder')
  const counts = Map.groupBy(completions, ({ parameters }) => parameters['PhoneNumberOrderId'])
  return orders.flatMap(({ PhoneNumberOrderId, Status }) => {
    const times = counts.get(PhoneNumberOrderId)?.length ?? 0
    return times === (Status === 'Processing' ? 0 : 1) ? [] : [`${PhoneNumberOrderId} was completed ${times} times`]
  })
}

/** A number is in the deletion queue if and only if the calls to delete and restore it allow that. */
function judgeNumber(number: PhoneNumber, calls: readonly Call[], { orders }: State): string[] {
  const text = number.E164PhoneNumber ?? ''
  const of = (name: string) => calls.filter((call) => call.name === name && call.input['PhoneNumberId'] === text)
  const [deletes, restores] = [of('DeletePhoneNumber'), of('RestorePhoneNumber')]
  const mayEnd = (these: readonly Call[], others: readonly Call[]) =>
    these.some(
      (call) =>
        call.outcome !== 'refused' && !others.some((other) => other.outcome === 'done' && other.begin > call.end),
    )
  const mustEnd = (these: readonly Call[], others: readonly Call[]) =>
    these.some(
      (call) =>
        call.outcome === 'done' && !others.some((other) => other.outcome !== 'refused' && other.end >= call.begin),
    )
  const isQueued = number.DeletionTimestamp !== undefined
  const bought = orders.flatMap(({ OrderedPhoneNumbers = [] }) =>
    OrderedPhoneNumbers.filter(({ E164PhoneNumber, Status }) => E164PhoneNumber === text && Status === 'Acquired'),
  )
  return [
    ...(isQueued && !mayEnd(deletes, restores) ? [`${text} is in the deletion queue, and no call put it there`] : []),
    ...(!isQueued && mustEnd(deletes, restores) ? [`${text} was deleted, and is not in the deletion queue`] : []),
    ...(isQueued && mustEnd(restores, deletes) ? [`${text} was restored, and is in the deletion queue`] : []),
    ...(bought.length > 1 ? [`${text} came with ${bought.length} orders`] : []),
  ]
}

/** The number, its user and the assignment history agree. */
function findDisagreements({ numbers, users, intervals }: State): string[] {
  const open = intervals.filter(({ UnassignedTimestamp }) => UnassignedTimestamp === null)
  const holders = new Map(open.map((it) => [it.E164PhoneNumber, `${it.AccountId}/${it.UserId}`]))
  const held = new Map(open.map((it) => [it.UserId, it.E164PhoneNumber]))
  return [
    ...numbers
      .filter((number) => holderIn(number) !== holders.get(number.E164PhoneNumber ?? ''))
      .map((number) => `${number.E164PhoneNumber} is shown with ${holderIn(number)}, but the history differs`),
    ...numbers
      .filter(({ Status, E164PhoneNumber = '' }) => (Status === 'Assigned') !== holders.has(E164PhoneNumber))
      .map(({ E164PhoneNumber, Status }) => `${E164PhoneNumber} is ${Status}, but the history differs`),
    ...users
      .filter(({ UserId = '', PrimaryProvisionedNumber }) => PrimaryProvisionedNumber !== held.get(UserId))
      .map(({ UserId }) => `the user ${UserId} is shown with another number than in the history`),
  ]
}
