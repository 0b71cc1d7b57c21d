/** Baselines: the cost of one component in a tight loop, without HTTP or concurrency. */
import { randomUUID } from 'node:crypto'
import { arnOf } from '../src/domains/principals/rules.ts'
import { basicTime, createSigner, signingKey, stringToSign } from '../src/identity/canonical.ts'
import { sha256 } from '../src/primitives/digest.ts'
import { accountId, awsAccountId, credentials, phoneNumberAt, userIdAt } from './data.ts'
import { shuffledPair } from './generator/shuffle.ts'
import { type PlainPostgres, openPlainPostgres } from './plain-postgres.ts'
import { type Association, type PlainSqlite, openPlainSqlite } from './plain-sqlite.ts'
import type { Measurement, Subject } from './rounds.ts'

/** The number of connections in the other rounds. */
const batchSize = 64

/** The hashing for one signature: the body, the canonical request, and the two hashes of an HMAC. */
export function hashingBaseline(label: string): Subject {
  const time = basicTime(new Date())
  const scope = `${time.slice(0, 8)}/us-east-1/chime/aws4_request`
  const sign = createSigner(signingKey(credentials.secretAccessKey, scope))
  const signOne = (body: Buffer, index: number) => {
    const headers = `host:127.0.0.1:8080\nx-amz-date:${time}\n\nhost;x-amz-date`
    sign(stringToSign(time, scope, `GET\n/accounts/${accountId}/users/${index}\n\n${headers}\n${sha256(body)}`))
  }
  const signMany = () => {
    for (let index = 0; index < batchSize; index++) signOne(Buffer.alloc(0), index)
    return batchSize
  }
  return { label, unit: 'times/s', run: (seconds) => runFor(seconds, signMany) }
}

export type Order = 'random' | 'neighbouring'

/** Associations, 64 to a commit. The rounds are short because each association can be made only once. */
export function associationsOnSqlite(label: string, file: string, population: number, order: Order): Subject {
  const nextBatch = createBatches(0, population, order)
  const associateMany = (store: PlainSqlite) => {
    const associations = nextBatch()
    store.begin()
    for (const association of associations) store.associate(association)
    store.commit()
    return associations.length
  }
  return inShortRounds(onStore(label, () => openPlainSqlite(file), associateMany))
}

/** Users, one to a query. */
export function usersOnSqlite(label: string, file: string, population: number): Subject {
  const nextBatch = createBatches(0, population, 'random', { repeat: true })
  const readMany = (store: PlainSqlite) => {
    const associations = nextBatch()
    for (const { userId } of associations) store.readUser(accountId, userId)
    return associations.length
  }
  return onStore(label, () => openPlainSqlite(file), readMany)
}

/** Associations, 64 to a transaction, one transaction at a time, in short rounds as on SQLite. @param from index of the first */
export function associationsOnPostgres(label: string, url: string, population: number, from: number): Subject {
  const nextBatch = createBatches(from, population, 'random')
  const associateMany = async (store: PlainPostgres) => {
    const associations = nextBatch()
    if (associations.length > 0) await store.associate(associations)
    return associations.length
  }
  return inShortRounds(onStore(label, () => openPlainPostgres(url), associateMany))
}

/** Users, 64 to a query, one query at a time. */
export function usersOnPostgres(label: string, url: string, population: number): Subject {
  const nextBatch = createBatches(0, population, 'random', { repeat: true })
  return onStore(
    label,
    () => openPlainPostgres(url),
    (store) => store.readUsers(nextBatch().map(({ userId }) => userId)),
  )
}

const inShortRounds = (subject: Subject): Subject => ({ ...subject, run: (seconds) => subject.run(seconds / 3) })

/** @param step returns the number of operations done, 0 once none are left */
function onStore<Store extends { close(): unknown }>(
  label: string,
  open: () => Store | Promise<Store>,
  step: (store: Store) => number | Promise<number>,
): Subject {
  const run = async (seconds: number) => {
    const store = await open()
    const measured = await runFor(seconds, () => step(store))
    await store.close()
    return measured
  }
  return { label, unit: 'times/s', run }
}

/** Returns the next batch on each call, and an empty one when too few are left, unless `repeat` restarts at `from`. */
function createBatches(from: number, population: number, order: Order, { repeat = false } = {}): () => Association[] {
  let next = from
  return () => {
    if (next + batchSize > population) {
      if (!repeat) return []
      next = from
    }
    return Array.from({ length: batchSize }, () => associationOf(next++, population, order))
  }
}

const caller = { principalArn: arnOf(awsAccountId, 'bench'), accessKeyId: credentials.accessKeyId }

function associationOf(index: number, population: number, order: Order): Association {
  const { user, number } = order === 'random' ? shuffledPair(population, index) : { user: index, number: index }
  const request = { id: randomUUID(), sourceIp: '127.0.0.1' }
  const now = new Date().toISOString()
  return { accountId, userId: userIdAt(user), phoneNumber: phoneNumberAt(number), caller, request, now }
}

async function runFor(seconds: number, step: () => number | Promise<number>): Promise<Measurement> {
  const [began, until] = [performance.now(), performance.now() + seconds * 1000]
  let done = 0
  for (let more = 1; more > 0 && performance.now() < until; done += more) more = await step()
  if (done === 0) throw new Error('Nothing is left to do')
  return { perSecond: (1000 * done) / (performance.now() - began) }
}
