/** What a part takes that nothing can spare Belfry: in a loop, without HTTP, or anybody who waits. */
import { randomUUID } from 'node:crypto'
import { arnOf } from '../src/domains/principals/rules.ts'
import { basicTime, createSigner, signingKey, stringToSign } from '../src/identity/canonical.ts'
import { sha256 } from '../src/primitives/digest.ts'
import { accountId, awsAccountId, credentials, phoneNumberAt, userIdAt } from './data.ts'
import { somewhere } from './generator/shuffle.ts'
import { type PlainPostgres, openPlainPostgres } from './plain-postgres.ts'
import { type Association, type PlainSqlite, openPlainSqlite } from './plain-sqlite.ts'
import type { Measured, Subject } from './rounds.ts'

/** As many as there are connections in the other rounds. */
const atOnce = 64

/** What hashing takes for a signature: the body, the canonical request, and the two hashes of an HMAC. */
export function hashingAlone(label: string): Subject {
  const time = basicTime(new Date())
  const scope = `${time.slice(0, 8)}/us-east-1/chime/aws4_request`
  const sign = createSigner(signingKey(credentials.secretAccessKey, scope))
  const signOne = (body: Buffer, index: number) => {
    const headers = `host:127.0.0.1:8080\nx-amz-date:${time}\n\nhost;x-amz-date`
    sign(stringToSign(time, scope, `GET\n/accounts/${accountId}/users/${index}\n\n${headers}\n${sha256(body)}`))
  }
  const signMany = () => {
    for (let index = 0; index < atOnce; index++) signOne(Buffer.alloc(0), index)
    return atOnce
  }
  return { label, unit: 'times/s', run: (seconds) => repeat(seconds, signMany) }
}

export type Order = 'random' | 'neighbouring'

/** Associations, 64 to a commit; short rounds, for they are done once each. */
export function associationsOnSqlite(label: string, file: string, population: number, order: Order): Subject {
  const take = takeFrom(0, population, order)
  const associateMany = (store: PlainSqlite) => {
    const associations = take()
    store.begin()
    for (const association of associations) store.associate(association)
    store.commit()
    return associations.length
  }
  return inShortRounds(onStore(label, () => openPlainSqlite(file), associateMany))
}

/** Users, each read by itself. */
export function usersOnSqlite(label: string, file: string, population: number): Subject {
  const take = takeFrom(0, population, 'random', true)
  const readMany = (store: PlainSqlite) => {
    const associations = take()
    for (const { userId } of associations) store.readUser(accountId, userId)
    return associations.length
  }
  return onStore(label, () => openPlainSqlite(file), readMany)
}

/** Associations, 64 to a transaction, one transaction at a time; short rounds, for they are done once each. @param from where to begin */
export function associationsOnPostgres(label: string, url: string, population: number, from: number): Subject {
  const take = takeFrom(from, population, 'random')
  const associateMany = async (store: PlainPostgres) => {
    const associations = take()
    if (associations.length > 0) await store.associate(associations)
    return associations.length
  }
  return inShortRounds(onStore(label, () => openPlainPostgres(url), associateMany))
}

/** Users, 64 to a question, one question at a time. */
export function usersOnPostgres(label: string, url: string, population: number): Subject {
  const take = takeFrom(0, population, 'random', true)
  return onStore(
    label,
    () => openPlainPostgres(url),
    (store) => store.readUsers(take().map(({ userId }) => userId)),
  )
}

const inShortRounds = (subject: Subject): Subject => ({ ...subject, run: (seconds) => subject.run(seconds / 3) })

/** @param step answers how many it did; none where nothing is left */
function onStore<Store extends { close(): unknown }>(
  label: string,
  open: () => Store | Promise<Store>,
  step: (store: Store) => number | Promise<number>,
): Subject {
  const run = async (seconds: number) => {
    const store = await open()
    const measured = await repeat(seconds, () => step(store))
    await store.close()
    return measured
  }
  return { label, unit: 'times/s', run }
}

/** Takes the next ones; none where too few are left. @param again whether it begins anew then */
function takeFrom(from: number, population: number, order: Order, again = false): () => Association[] {
  let next = from
  return () => {
    if (next + atOnce > population) {
      if (!again) return []
      next = from
    }
    return Array.from({ length: atOnce }, () => associationOf(next++, population, order))
  }
}

const caller = { principalArn: arnOf(awsAccountId, 'bench'), accessKeyId: credentials.accessKeyId }

function associationOf(index: number, population: number, order: Order): Association {
  const { user, number } = order === 'random' ? somewhere(population, index) : { user: index, number: index }
  const request = { id: randomUUID(), sourceIp: '127.0.0.1' }
  const now = new Date().toISOString()
  return { accountId, userId: userIdAt(user), phoneNumber: phoneNumberAt(number), caller, request, now }
}

/** @param step answers how many it did; none where nothing is left */
async function repeat(seconds: number, step: () => number | Promise<number>): Promise<Measured> {
  const [began, until] = [performance.now(), performance.now() + seconds * 1000]
  let done = 0
  for (let more = 1; more > 0 && performance.now() < until; done += more) more = await step()
  if (done === 0) throw new Error('Nothing is left to do')
  return { perSecond: (1000 * done) / (performance.now() - began) }
}
