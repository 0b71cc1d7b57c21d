import type { Answer } from '../../contract/operation.ts'
import { page } from '../../database/pagination.ts'
import type { Db } from '../../database/transaction.ts'
import type { Handlers } from '../operation.ts'
import { requirePrincipal } from '../principals/store.ts'
import { keepingAdministrator } from './administrators.ts'
import type { AccessKey, belfry } from './contract.ts'
import {
  assertFree,
  assertKeyFits,
  assertLongTerm,
  assertSessionFits,
  generateKeyPair,
  newAccessKey,
  newSession,
  newSessionKey,
  readPair,
  sessionsAtMost,
} from './rules.ts'
import {
  type AccessKey as AccessKeyRow,
  countIssued,
  deleteAccessKey,
  deleteExpiredIssued,
  findAccessKey,
  insertAccessKey,
  listKeysOf,
  listLongTermKeysOf,
  requireAccessKey,
  setStatus,
} from './store.ts'

const sessionSeconds = 43_200

export const handlers = {
  async CreateAccessKey({ PrincipalName, AccessKeyId, SecretAccessKey, RequestsPerSecond }, context) {
    const { db, caller, now, sealSecret } = context
    const given = readPair(AccessKeyId, SecretAccessKey)
    assertLongTerm(await findAccessKey(db, caller.accessKeyId))
    const principal = await requirePrincipal(db, caller, PrincipalName)
    if (given) assertFree(await findAccessKey(db, given.accessKeyId), given.accessKeyId)
    assertKeyFits((await listLongTermKeysOf(db, principal)).length)
    const pair = given ?? generateKeyPair()
    const requests_per_second = RequestsPerSecond ?? null
    const key = { ...newAccessKey(principal, pair, sealSecret, now), requests_per_second }
    await insertAccessKey(db, key)
    return { AccessKey: { ...toAccessKey(key), SecretAccessKey: pair.secretAccessKey } }
  },

  async ListAccessKeys(input, { db, caller }) {
    const principal = await requirePrincipal(db, caller, input.PrincipalName)
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListAccessKeys', caller.awsAccountId, principal.principal_name],
      fetch: (request) => listKeysOf(db, principal, request),
      positionOf: ({ access_key_id }) => [access_key_id, ''],
    })
    return { AccessKeys: rows.map(toAccessKey), NextToken: nextToken }
  },

  async UpdateAccessKey({ PrincipalName, AccessKeyId, Status }, context) {
    const { db, caller } = context
    const principal = await requirePrincipal(db, caller, PrincipalName)
    const key = await requireAccessKey(db, principal, AccessKeyId)
    await keepingAdministrator(context, () => setStatus(db, key, Status))
    return { AccessKey: { ...toAccessKey(key), Status } }
  },

  async DeleteAccessKey({ PrincipalName, AccessKeyId }, context) {
    const { db, caller } = context
    const principal = await requirePrincipal(db, caller, PrincipalName)
    const key = await requireAccessKey(db, principal, AccessKeyId)
    await keepingAdministrator(context, () => deleteAccessKey(db, key))
    return {}
  },

  async GetSessionToken({ DurationSeconds = sessionSeconds }, { db, caller, now, sealSecret }) {
    const issuer = await findAccessKey(db, caller.accessKeyId)
    assertLongTerm(issuer)
    await makeRoom(db, issuer, now)
    const session = newSession(now, DurationSeconds)
    await insertAccessKey(db, newSessionKey(issuer, session, { sealSecret, now, issuer }))
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = session
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: expiresAt,
      },
    }
  },
} satisfies Handlers<typeof belfry>

/** Expired keys are kept for a while, but not where their number would exceed the limit. */
async function makeRoom(db: Db, issuer: AccessKeyRow, now: string) {
  if ((await countIssued(db, issuer)) < sessionsAtMost) return
  await deleteExpiredIssued(db, issuer, now)
  assertSessionFits(await countIssued(db, issuer))
}

const toAccessKey = (key: AccessKeyRow): Answer<typeof AccessKey> => ({
  AccessKeyId: key.access_key_id,
  PrincipalName: key.principal_name,
  SecretAccessKey: null,
  Status: key.status,
  RequestsPerSecond: key.requests_per_second,
  CreatedTimestamp: key.created_at,
  LastUsedTimestamp: key.last_used_at,
  ExpirationTimestamp: key.expires_at,
})
