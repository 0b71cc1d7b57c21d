/** The commands of `belfry stock`, `belfry number` and `belfry user`. */
import { describe, expect, test } from 'vitest'
import { givenAssignable, givenNumber, givenUser } from '../support/given.ts'
import { useRemoteCommands } from '../support/remote-commands.ts'

const { belfry, tenant, run, done, json, rows, refusal } = await useRemoteCommands()

test('belfry stock adds, lists and withdraws numbers', async () => {
  const range = ['--from', '+13025550100', '--to', '13025550109', '--city', 'Wilmington', '--state', 'DE']
  expect(await done(['stock', 'add', ...range])).toBe('Added 10; 0 were there already.\n')
  expect(await json(['stock', 'add', '+13025550109', '%2B13025550110'])).toEqual({ Added: 1, Skipped: 1 })
  expect(await rows(['stock', 'list', '--country', 'US'])).toContainEqual(['US', 'Local', '302', '11', '11'])
  expect((await json(['stock', 'list', '--limit', '1']))['StockRanges']).toHaveLength(1)
  expect(await done(['stock', 'withdraw', '+13025550110', '+13025550111'])).toBe(
    'Withdrew 1; 1 were not there, or taken.\n',
  )
  expect(await json(['stock', 'withdraw', '+13025550109'])).toEqual({ Skipped: 0, Withdrawn: 1 })
  const { E164PhoneNumbers } = await tenant.chime.searchAvailablePhoneNumbers({ City: 'Wilmington', State: 'DE' })
  expect(E164PhoneNumbers).toHaveLength(9)
})

describe('belfry number', () => {
  test('assign and unassign change the holder and leave a history', async () => {
    const caller = await belfry.tenant()
    const { AccountId, UserId, E164PhoneNumber: number } = await givenAssignable(belfry, caller)
    const other = await givenUser(caller, AccountId)
    const user = ['--account', AccountId, '--user', UserId]
    expect(await rows(['number', 'list', '--status', 'Unassigned'], caller)).toEqual([
      [number, 'Unassigned', 'BusinessCalling', 'Local', 'US', '-', '-'],
    ])
    const before = caller.now().toISOString()
    expect(await done(['number', 'assign', number, ...user, '--allow-calls'], caller)).toBe('')
    const { UserSettings } = await caller.chime.getUserSettings({ AccountId, UserId })
    expect(UserSettings?.Telephony).toEqual({ InboundCalling: true, OutboundCalling: true, SMS: false })
    expect((await json(['number', 'list'], caller))['PhoneNumbers']).toMatchObject([{ Status: 'Assigned' }])
    expect(await done(['number', 'holder', number], caller)).toMatch(new RegExp(`^UserId: +${UserId}$`, 'm'))
    expect(await done(['number', 'unassign', number.slice(1)], caller)).toBe('')
    expect(await done(['number', 'assign', number, '--account', AccountId, '--user', other], caller)).toBe('')
    expect(await done(['number', 'unassign', '--account', AccountId, '--user', other], caller)).toBe('')
    const [history, ofUser, newest] = await Promise.all([
      rows(['number', 'history', number], caller),
      rows(['user', 'history', AccountId, UserId], caller),
      json(['user', 'history', AccountId, other], caller),
    ])
    expect(history.map(([, from = '', until = '', account, who]) => [from < until, account, who])).toEqual([
      [true, AccountId, UserId],
      [true, AccountId, other],
    ])
    expect(ofUser).toEqual([history[0]])
    expect(newest['Assignments']).toMatchObject([{ UserId: other, AssignedTimestamp: history[1]?.[1] }])
    const [first, then, earlier] = await Promise.all([
      json(['number', 'history', number, '--limit', '1'], caller),
      json(['number', 'holder', number, '--at', history[0]?.[1] ?? ''], caller),
      run(['number', 'holder', number, '--at', before], caller),
    ])
    expect(first['Assignments']).toMatchObject([{ E164PhoneNumber: number, UserId }])
    expect(then['Assignment']).toMatchObject({ UserId })
    expect(earlier.code).toBe(3)
  })

  test('unassign refuses a number without a holder', async () => {
    const number = await givenNumber(belfry, tenant)
    expect(await refusal(['number', 'unassign', number])).toBe(`3 belfry: Nobody holds ${number}.\n`)
  })
})
