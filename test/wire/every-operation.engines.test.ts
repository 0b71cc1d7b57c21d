/** What every operation of both APIs refuses alike, by its contract alone. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { ErrorName } from '../../src/contract/errors.ts'
import type { Operation } from '../../src/contract/operation.ts'
import { chimeContracts, contracts } from '../../src/domains/contracts.ts'
import { basicTime } from '../../src/identity/canonical.ts'
import { type Tenant, type TestBelfry, startBelfry } from '../support/belfry.ts'
import { accountSuspended, changeAccount, givenAccount, notFound, refusedRaw } from '../support/given.ts'
import { type RawRequest, send, signByHand } from '../support/raw.ts'
import { sampleRequest } from '../support/samples.ts'

let belfry: TestBelfry
let tenant: Tenant
let powerless: Tenant
let switchedOff: Tenant
let reader: Tenant
let suspended: string

beforeAll(async () => {
  belfry = await startBelfry()
  tenant = await belfry.tenant()
  const { awsAccountId } = tenant
  powerless = await belfry.tenant({ awsAccountId, policy: '{"Statement":[]}' })
  reader = await belfry.tenant({ awsAccountId, policy: 'AmazonChimeReadOnly' })
  switchedOff = await belfry.tenant({ awsAccountId, active: false })
  suspended = await givenAccount(tenant)
  await changeAccount(belfry, suspended, { account_type: 'EnterpriseDirectory', account_status: 'Suspended' })
})

/** The events of a bot go to an endpoint or to a function. */
const oneOfTwo = { LambdaFunctionArn: undefined }

const all = Object.entries(contracts) as [string, Operation][]

describe.each(all)('%s', (_, operation) => {
  const request = sampleRequest(operation)

  test('needs a signature', async () => {
    const { status, headers } = await send(belfry.url, request)
    expect([status, headers['x-amzn-errortype']]).toEqual([403, 'MissingAuthenticationTokenException'])
  })

  test('needs a true signature', async () => {
    const forger = { ...tenant, credentials: { ...tenant.credentials, secretAccessKey: 'not the secret of the key' } }
    const { status, headers } = await answerTo(forger, request)
    expect([status, headers['x-amzn-errortype']]).toEqual([403, 'InvalidSignatureException'])
  })

  test('needs a key that is switched on', async () => {
    const message = 'The access key of this request is switched off'
    expect(refusedRaw(await answerTo(switchedOff, request))).toBe(
      `401 UnauthorizedClientException Unauthorized: ${message}`,
    )
  })

  test('needs a policy that allows it', async () => {
    const refused = refusedRaw(await answerTo(powerless, request))
    expect(refused).toMatch(/^403 AccessDeniedException AccessDenied: .* because no identity-based policy allows/)
  })
})

/** By its name, as AWS's policy has it: the prefix `belfry:` is nothing that it knows. */
const isForReaders = (name: string) => name in chimeContracts && /^(?:List|Get|SearchAvailablePhoneNumbers$)/.test(name)

test.each(all.filter(([name, { writes }]) => writes || !isForReaders(name)))(
  '%s is not for who may only read',
  async (_, operation) => {
    const refused = refusedRaw(await answerTo(reader, sampleRequest(operation)))
    expect(refused).toMatch(/^403 AccessDeniedException AccessDenied: .* because no identity-based policy allows/)
  },
)

test.each(all.filter(([name]) => isForReaders(name)))(
  '%s is for who may only read, and changes nothing',
  async (_, operation) => {
    expect(operation.writes).toBe(false)
    const { headers } = await answerTo(reader, sampleRequest(operation))
    expect(headers['x-amzn-errortype']).not.toBe('AccessDeniedException')
  },
)

test.each(all.filter(([, { input }]) => Object.keys(input.shape).length > 0))(
  '%s refuses what is malformed',
  async (_, operation) => {
    expect(refusedRaw(await answerTo(tenant, malformed(operation)))).toMatch(/^400 BadRequestException BadRequest: /)
  },
)

const ofAccount = all.filter(([, { binding }]) => binding.segments.some((segment) => isAccountId(segment)))

test.each(ofAccount.filter(([, operation]) => lists(operation, 'NotFoundException')))(
  '%s finds no account that is not there',
  async (_, operation) => {
    const request = sampleRequest(operation, { ...oneOfTwo, AccountId: 'nowhere' })
    expect(refusedRaw(await answerTo(tenant, request))).toBe(notFound('Account', 'nowhere'))
  },
)

/** What is for accounts that are suspended, or ends them. */
const forSuspended = new Set(['DeleteAccount', 'SuspendAccount', 'ReactivateAccount'])
const changing = ofAccount.filter(([name, { writes }]) => writes && !forSuspended.has(name))

test.each(changing)('%s changes nothing in a suspended account', async (_, operation) => {
  const request = sampleRequest(operation, { ...oneOfTwo, AccountId: suspended })
  expect(refusedRaw(await answerTo(tenant, request))).toBe(accountSuspended)
})

function lists({ errors }: Operation, name: ErrorName) {
  return errors.some((error) => error === name)
}

function isAccountId(segment: Operation['binding']['segments'][number]) {
  return typeof segment !== 'string' && segment.label === 'AccountId'
}

function answerTo({ credentials, now }: Pick<Tenant, 'credentials' | 'now'>, request: RawRequest) {
  const time = basicTime(now())
  const headers = { 'X-Amz-Date': time, 'Content-Type': 'application/json' }
  return send(belfry.url, signByHand(belfry.url, credentials, time, { ...request, headers }))
}

/** A body that is no object; where there is none a NUL in the path or the query. */
function malformed(operation: Operation): RawRequest {
  const { segments, queryMembers, bodyMembers } = operation.binding
  if (bodyMembers.length > 0) return { ...sampleRequest(operation), body: '[]' }
  const labels = segments.flatMap((segment) => (typeof segment === 'string' ? [] : [segment.label]))
  const [member = ''] = [...labels, ...Object.values(queryMembers)]
  return sampleRequest(operation, { [member]: 'a\0b' })
}
