/** What a principal can reach that may do one thing only: SECURITY.md lists every action that leads to administrator. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Operation } from '../../src/contract/operation.ts'
import { actionOf, contracts } from '../../src/domains/contracts.ts'
import { createKeyring } from '../../src/identity/keyring.ts'
import { assertAllowed, resourceOf } from '../../src/identity/policy.ts'
import { type Tenant, useBelfry } from '../support/belfry.ts'
import { callBelfry, sendSigned } from '../support/raw.ts'
import { root } from '../support/process.ts'
import { sampleRequest } from '../support/samples.ts'

type Name = keyof typeof contracts
type Values = Readonly<Record<string, readonly unknown[]>>

const { belfry } = await useBelfry()

const names = Object.keys(contracts) as Name[]
const everything = JSON.stringify({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } })

interface Attacker {
  tenant: Tenant
  /** Keys that the attacker can sign with: at first its own, and one of a former administrator that is switched off. */
  keys: Tenant[]
  /** What the attacker knows, by the members that it can be sent in. */
  known: Values
}

/** May do what is named because nothing else is allowed. */
async function givenAllowed(actions: readonly string[]): Promise<Attacker> {
  const administrator = await belfry.tenant()
  const policy = JSON.stringify({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } })
  return toAttacker(administrator, await belfry.tenant({ awsAccountId: administrator.awsAccountId, policy }))
}

/** May do what is named because everything else is denied, by a policy beside the one that allows everything. */
async function givenFenced(actions: readonly string[]): Promise<Attacker> {
  const administrator = await belfry.tenant()
  const { awsAccountId } = administrator
  const attacker = await belfry.tenant({ awsAccountId, policy: 'AdministratorAccess' })
  const PolicyDocument = JSON.stringify({ Statement: { Effect: 'Deny', NotAction: actions, Resource: '*' } })
  await callBelfry(belfry.url, administrator, 'PUT /policies/fence', { PolicyDocument })
  await callBelfry(belfry.url, administrator, `PUT /principals/${attacker.principal}/policies/fence`)
  return toAttacker(administrator, attacker)
}

async function toAttacker({ awsAccountId, principal }: Tenant, tenant: Tenant): Promise<Attacker> {
  await belfry.tenant({ awsAccountId, principal: 'former' })
  const former = await belfry.tenant({ awsAccountId, principal: 'former', active: false })
  const known = {
    PrincipalName: [tenant.principal, principal, 'former', 'newcomer'],
    PolicyName: ['fence', tenant.principal, 'AdministratorAccess', 'newcomer'],
    PolicyDocument: [everything],
    PrincipalType: ['Administrator'],
    AccessKeyId: [undefined, former.credentials.accessKeyId],
    SecretAccessKey: [undefined, former.credentials.secretAccessKey],
    Status: ['Active'],
  }
  return { tenant, keys: [tenant, former], known }
}

/** Tries the operations with all that is known, and with the keys that come of it, until no new key comes of it. */
async function becomesAdministrator({ keys, known }: Attacker, operations: readonly Name[]): Promise<boolean> {
  const attempts = operations.flatMap((name) => requestsOf(contracts[name], known))
  // Keys that are found are tried as well, for the loop reads the list while it grows.
  for (const key of keys)
    for (const request of attempts) {
      const { status, json } = await sendSigned(belfry.url, key, request)
      keys.push(...keysIn(json, key))
      if (status < 300 && (await holdsAdministrator(keys))) return true
    }
  return false
}

function requestsOf(operation: Operation, known: Values) {
  const members = Object.keys(operation.input.shape).filter((member) => member in known)
  let inputs: Record<string, unknown>[] = [{ DurationSeconds: undefined, RequestsPerSecond: undefined }]
  for (const member of members)
    inputs = (known[member] ?? []).flatMap((value) =>
      inputs.map((input) => Object.assign({}, input, { [member]: value })),
    )
  return inputs.map((input) => sampleRequest(operation, input))
}

function keysIn(json: Record<string, unknown>, key: Tenant): Tenant[] {
  const found = (json['AccessKey'] ?? json['Credentials']) as Partial<Record<string, string | null>> | undefined
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = found ?? {}
  if (accessKeyId == null || secretAccessKey == null) return []
  return [{ ...key, credentials: { accessKeyId, secretAccessKey, ...(sessionToken != null && { sessionToken }) } }]
}

async function holdsAdministrator(keys: readonly Tenant[]): Promise<boolean> {
  const keyring = createKeyring(belfry.database)
  const found = await Promise.all(keys.map(async ({ credentials }) => keyring(credentials.accessKeyId)))
  return found.some((known) => known?.key.status === 'Active' && names.every((name) => isAllowed(known, name)))
}

function isAllowed(
  { caller, policies }: NonNullable<Awaited<ReturnType<ReturnType<typeof createKeyring>>>>,
  name: Name,
): boolean {
  const operation: Operation = contracts[name]
  const request = { method: 'GET', target: '/', headers: {}, body: new Uint8Array(), sourceIp: null, secure: false }
  const resource = resourceOf(operation.resource, { MeetingId: 'x' }, caller)
  const scope = '20260701/us-east-1/chime/aws4_request'
  try {
    assertAllowed(policies, { action: actionOf(name), resource, caller, request, scope, time: new Date() })
    return true
  } catch {
    return false
  }
}

const text = readFileSync(join(root, 'SECURITY.md'), 'utf8')
const listed = [...text.matchAll(/^\| `((?:belfry|chime):\w+)` \|/gm)].map(([, action = '']) => action)

/** With nothing else allowed, or else with everything else denied. */
async function leadsToAdministrator(name: Name): Promise<boolean> {
  for (const given of [givenAllowed, givenFenced])
    if (await becomesAdministrator(await given([actionOf(name)]), [name])) return true
  return false
}

test.each(names)('%s leads to administrator if SECURITY.md lists it, and only then', async (name) => {
  expect(await leadsToAdministrator(name)).toBe(listed.includes(actionOf(name)))
})

test('SECURITY.md lists only actions that there are', () => {
  expect(listed.length).toBeGreaterThan(0)
  expect(names.map(actionOf)).toEqual(expect.arrayContaining(listed))
})

test('CreatePrincipal and CreateAccessKey lead to administrator together, whatever other keys there are', async () => {
  const both: Name[] = ['CreatePrincipal', 'CreateAccessKey']
  const given = async (operations: Name[]) => {
    const attacker = await givenAllowed(operations.map(actionOf))
    for (const principal of ['tester', 'former'])
      await belfry.tenant({ awsAccountId: attacker.tenant.awsAccountId, principal })
    return attacker
  }
  expect(await becomesAdministrator(await given(both), both)).toBe(true)
  for (const name of both) expect(await becomesAdministrator(await given([name]), [name])).toBe(false)
})

test('temporary credentials may do what their key may, and make neither keys nor further credentials', async () => {
  const attacker = await givenAllowed(['belfry:GetSessionToken'])
  expect(await becomesAdministrator(attacker, ['GetSessionToken', 'CreateAccessKey'])).toBe(false)
  expect(attacker.keys.filter(({ credentials }) => credentials.sessionToken !== undefined)).toHaveLength(1)
})
