/** What SQLite itself takes for what Belfry has it do: in a loop, without HTTP, signatures, or anybody who waits. */
import { randomUUID } from 'node:crypto'
import { arnOf } from '../src/domains/principals/rules.ts'
import { accountId, awsAccountId, credentials, phoneNumberAt, userIdAt } from './data.ts'
import { somewhere } from './generator/shuffle.ts'
import { type PlainStore, openPlainStore } from './plain-store.ts'
import type { Measured, Subject } from './rounds.ts'

/** As many as there are connections in the other rounds. */
const toACommit = 64

const caller = { principalArn: arnOf(awsAccountId, 'bench'), accessKeyId: credentials.accessKeyId }

export type Order = 'random' | 'neighbouring'

/** Associations, 64 to a commit. */
export function associationsAlone(label: string, file: string, population: number, order: Order): Subject {
  let next = 0
  const takeOne = (store: PlainStore) => {
    const { user, number } = order === 'random' ? somewhere(population, next) : { user: next, number: next }
    next++
    const request = { id: randomUUID(), sourceIp: '127.0.0.1' }
    const now = new Date().toISOString()
    store.associate({ accountId, userId: userIdAt(user), phoneNumber: phoneNumberAt(number), caller, request, now })
  }
  const takeMany = (store: PlainStore) => {
    if (next + toACommit > population) return 0
    store.begin()
    for (let count = 0; count < toACommit; count++) takeOne(store)
    store.commit()
    return toACommit
  }
  return { label, unit: 'times/s', run: async (seconds) => repeat(file, seconds, takeMany) }
}

/** Users, each read by itself. */
export function usersAlone(label: string, file: string, population: number): Subject {
  let next = 0
  const readOne = (store: PlainStore) => {
    store.readUser(accountId, userIdAt(somewhere(population, next++).user))
    return 1
  }
  return { label, unit: 'times/s', run: async (seconds) => repeat(file, seconds, readOne) }
}

/** @param step answers how many it did; none where nothing is left */
function repeat(file: string, seconds: number, step: (store: PlainStore) => number): Measured {
  const store = openPlainStore(file)
  const [began, until] = [performance.now(), performance.now() + seconds * 1000]
  let done = 0
  for (let more = 1; more > 0 && performance.now() < until; done += more) more = step(store)
  const perSecond = (1000 * done) / (performance.now() - began)
  store.close()
  return { perSecond }
}
