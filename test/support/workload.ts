/** What many clients do at once to a few users and numbers, so that they get into each other's way. */
import { randomInt } from 'node:crypto'
import type { Chime, CreateAccountResponse, CreateUserResponse } from '@aws-sdk/client-chime'
import { expect } from 'vitest'
import type { Tenant } from './belfry.ts'
import { newEmail } from './given.ts'
import { callBelfry } from './raw.ts'
import type { Call, Witness } from './call-recorder.ts'

export interface Stage {
  witness: Witness
  users: { AccountId: string; UserId: string }[]
  numbers: string[]
  /** Numbers that can be ordered, and now and then are. */
  stock: string[]
}

/** Fills an empty AWS account: users, numbers that are theirs to have, and stock. */
export async function setStage(witness: Witness, url: string, tenant: Tenant): Promise<Stage> {
  const stage: Stage = { witness, users: [], numbers: [], stock: [] }
  const all = Array.from({ length: 220 }, (_, index) => `+1206556${String(1000 + index)}`)
  const range = { FirstE164PhoneNumber: all[0] ?? '', LastE164PhoneNumber: all.at(-1) ?? '' }
  const added = await callBelfry(url, tenant, 'POST /stock', range)
  expect(added.status, added.body).toBe(200)
  ;[stage.numbers, stage.stock] = [all.slice(0, 20), all.slice(20)]
  await order(tenant.chime, witness, stage.numbers)
  for (let index = 0; index < 3; index++) await fillAccount(tenant.chime, stage)
  const last = async () => (await tenant.chime.getPhoneNumber({ PhoneNumberId: all[19] ?? '' })).PhoneNumber?.Status
  await expect.poll(last, { timeout: 60_000 }).toBe('Unassigned')
  return stage
}

async function fillAccount(chime: Chime, { witness, users }: Stage) {
  const AccountId = accountIn(await createAccount(chime, witness))
  for (let index = 0; index < 8; index++)
    users.push({ AccountId, UserId: userIn(await createUser(chime, witness, AccountId)) })
}

/** Does one thing after the other until `isOver`, which is asked about each call. */
export async function act(chime: Chime, stage: Stage, isOver: (call: Call | undefined) => boolean): Promise<void> {
  let last: Call | undefined
  while (!isOver(last)) last = await pick(deeds)(chime, stage)
}

type Deed = (chime: Chime, stage: Stage) => Promise<Call>

const associate: Deed = (chime, { witness, users, numbers }) => {
  const input = { ...pick(users), E164PhoneNumber: pick(numbers) }
  return witness.note('AssociatePhoneNumberWithUser', input, () => chime.associatePhoneNumberWithUser(input))
}

const disassociate: Deed = (chime, { witness, users }) => {
  const input = pick(users)
  return witness.note('DisassociatePhoneNumberFromUser', input, () => chime.disassociatePhoneNumberFromUser(input))
}

const look: Deed = (chime, { witness, numbers }) => {
  const input = { PhoneNumberId: pick(numbers) }
  return witness.note('GetPhoneNumber', input, () => chime.getPhoneNumber(input))
}

const remove: Deed = (chime, { witness, numbers }) => {
  const input = { PhoneNumberId: pick(numbers) }
  return witness.note('DeletePhoneNumber', input, () => chime.deletePhoneNumber(input))
}

const restore: Deed = (chime, { witness, numbers }) => {
  const input = { PhoneNumberId: pick(numbers) }
  return witness.note('RestorePhoneNumber', input, () => chime.restorePhoneNumber(input))
}

const join: Deed = (chime, { witness, users }) => createUser(chime, witness, pick(users).AccountId)

const buy: Deed = (chime, { witness, stock }) => order(chime, witness, [...new Set([pick(stock), pick(stock)])])

/** An account comes, with a user who takes a number, and goes with all of it. */
const comeAndGo: Deed = async (chime, { witness, numbers }) => {
  const created = await createAccount(chime, witness)
  if (created.outcome !== 'done') return created
  const AccountId = accountIn(created)
  const joined = await createUser(chime, witness, AccountId)
  if (joined.outcome !== 'done') return joined
  const input = { AccountId, UserId: userIn(joined), E164PhoneNumber: pick(numbers) }
  await witness.note('AssociatePhoneNumberWithUser', input, () => chime.associatePhoneNumberWithUser(input))
  const suspension = { AccountId, UserIdList: [input.UserId] }
  await witness.note('BatchSuspendUser', suspension, () => chime.batchSuspendUser(suspension))
  return witness.note('DeleteAccount', { AccountId }, () => chime.deleteAccount({ AccountId }))
}

/** As often as they stand here. */
const deeds: readonly Deed[] = [
  ...Array<Deed>(6).fill(associate),
  ...Array<Deed>(5).fill(disassociate),
  ...Array<Deed>(2).fill(look),
  ...Array<Deed>(2).fill(restore),
  remove,
  join,
  buy,
  comeAndGo,
]

function order(chime: Chime, witness: Witness, E164PhoneNumbers: string[]) {
  const input = { ProductType: 'BusinessCalling' as const, E164PhoneNumbers }
  return witness.note('CreatePhoneNumberOrder', input, () => chime.createPhoneNumberOrder(input))
}

let accounts = 0

function createAccount(chime: Chime, witness: Witness) {
  const input = { Name: `Account ${accounts++}` }
  return witness.note('CreateAccount', input, () => chime.createAccount(input))
}

function createUser(chime: Chime, witness: Witness, AccountId: string) {
  const input = { AccountId, Email: newEmail() }
  return witness.note('CreateUser', input, () => chime.createUser(input))
}

const accountIn = ({ output }: Call) => (output as CreateAccountResponse).Account?.AccountId ?? ''
const userIn = ({ output }: Call) => (output as CreateUserResponse).User?.UserId ?? ''

function pick<Item>(items: readonly Item[]): Item {
  const item = items[randomInt(items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
