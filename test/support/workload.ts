/** A workload of many concurrent clients that contend for a few users and phone numbers. */
import { randomInt } from 'node:crypto'
import type { Chime, CreateAccountResponse, CreateUserResponse } from '@aws-sdk/client-chime'
import { expect } from 'vitest'
import type { Tenant } from './belfry.ts'
import { newEmail } from './given.ts'
import { callBelfry } from './raw.ts'
import type { Call, CallRecorder } from './call-recorder.ts'

export interface Workload {
  recorder: CallRecorder
  users: { AccountId: string; UserId: string }[]
  numbers: string[]
  /** Numbers that clients may order. */
  stock: string[]
}

/** Fills an empty AWS account with users, phone numbers to assign to them, and stock. */
export async function prepareWorkload(recorder: CallRecorder, url: string, tenant: Tenant): Promise<Workload> {
  const workload: Workload = { recorder, users: [], numbers: [], stock: [] }
  const all = Array.from({ length: 220 }, (_, index) => `+1206556${String(1000 + index)}`)
  const range = { FirstE164PhoneNumber: all[0] ?? '', LastE164PhoneNumber: all.at(-1) ?? '' }
  const added = await callBelfry(url, tenant, 'POST /stock', range)
  expect(added.status, added.body).toBe(200)
  ;[workload.numbers, workload.stock] = [all.slice(0, 20), all.slice(20)]
  await order(tenant.chime, recorder, workload.numbers)
  for (let index = 0; index < 3; index++) await fillAccount(tenant.chime, workload)
  const last = async () => (await tenant.chime.getPhoneNumber({ PhoneNumberId: all[19] ?? '' })).PhoneNumber?.Status
  await expect.poll(last, { timeout: 60_000 }).toBe('Unassigned')
  return workload
}

async function fillAccount(chime: Chime, { recorder, users }: Workload) {
  const AccountId = accountIn(await createAccount(chime, recorder))
  for (let index = 0; index < 8; index++)
    users.push({ AccountId, UserId: userIn(await createUser(chime, recorder, AccountId)) })
}

/** Sends one random call after another until `isOver` returns true for the last call. */
export async function runClient(
  chime: Chime,
  workload: Workload,
  isOver: (call: Call | undefined) => boolean,
): Promise<void> {
  let last: Call | undefined
  while (!isOver(last)) last = await pick(operations)(chime, workload)
}

type Operation = (chime: Chime, workload: Workload) => Promise<Call>

const associate: Operation = (chime, { recorder, users, numbers }) => {
  const input = { ...pick(users), E164PhoneNumber: pick(numbers) }
  return recorder.record('AssociatePhoneNumberWithUser', input, () => chime.associatePhoneNumberWithUser(input))
}

const disassociate: Operation = (chime, { recorder, users }) => {
  const input = pick(users)
  return recorder.record('DisassociatePhoneNumberFromUser', input, () => chime.disassociatePhoneNumberFromUser(input))
}

const look: Operation = (chime, { recorder, numbers }) => {
  const input = { PhoneNumberId: pick(numbers) }
  return recorder.record('GetPhoneNumber', input, () => chime.getPhoneNumber(input))
}

const remove: Operation = (chime, { recorder, numbers }) => {
  const input = { PhoneNumberId: pick(numbers) }
  return recorder.record('DeletePhoneNumber', input, () => chime.deletePhoneNumber(input))
}

const restore: Operation = (chime, { recorder, numbers }) => {
  const input = { PhoneNumberId: pick(numbers) }
  return recorder.record('RestorePhoneNumber', input, () => chime.restorePhoneNumber(input))
}

const join: Operation = (chime, { recorder, users }) => createUser(chime, recorder, pick(users).AccountId)

const buy: Operation = (chime, { recorder, stock }) => order(chime, recorder, [...new Set([pick(stock), pick(stock)])])

/** Creates an account with a user, assigns a number to the user, suspends the user and deletes the account. */
const createAndDeleteAccount: Operation = async (chime, { recorder, numbers }) => {
  const created = await createAccount(chime, recorder)
  if (created.outcome !== 'done') return created
  const AccountId = accountIn(created)
  const joined = await createUser(chime, recorder, AccountId)
  if (joined.outcome !== 'done') return joined
  const input = { AccountId, UserId: userIn(joined), E164PhoneNumber: pick(numbers) }
  await recorder.record('AssociatePhoneNumberWithUser', input, () => chime.associatePhoneNumberWithUser(input))
  const suspension = { AccountId, UserIdList: [input.UserId] }
  await recorder.record('BatchSuspendUser', suspension, () => chime.batchSuspendUser(suspension))
  return recorder.record('DeleteAccount', { AccountId }, () => chime.deleteAccount({ AccountId }))
}

/** Each is chosen as often as it is listed. */
const operations: readonly Operation[] = [
  ...Array<Operation>(6).fill(associate),
  ...Array<Operation>(5).fill(disassociate),
  ...Array<Operation>(2).fill(look),
  ...Array<Operation>(2).fill(restore),
  remove,
  join,
  buy,
  createAndDeleteAccount,
]

function order(chime: Chime, recorder: CallRecorder, E164PhoneNumbers: string[]) {
  const input = { ProductType: 'BusinessCalling' as const, E164PhoneNumbers }
  return recorder.record('CreatePhoneNumberOrder', input, () => chime.createPhoneNumberOrder(input))
}

let accounts = 0

function createAccount(chime: Chime, recorder: CallRecorder) {
  const input = { Name: `Account ${accounts++}` }
  return recorder.record('CreateAccount', input, () => chime.createAccount(input))
}

function createUser(chime: Chime, recorder: CallRecorder, AccountId: string) {
  const input = { AccountId, Email: newEmail() }
  return recorder.record('CreateUser', input, () => chime.createUser(input))
}

const accountIn = ({ output }: Call) => (output as CreateAccountResponse).Account?.AccountId ?? ''
const userIn = ({ output }: Call) => (output as CreateUserResponse).User?.UserId ?? ''

function pick<Item>(items: readonly Item[]): Item {
  const item = items[randomInt(items.length)]
  if (item === undefined) throw new Error('there is no item to pick')
  return item
}
