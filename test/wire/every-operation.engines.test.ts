/** Refusals that are common to every operation of both APIs and follow from its contract. */
import { describe, expect, test } from 'vitest'
import type { ErrorName } from '../../src/contract/errors.ts'
import type { Operation } from '../../src/contract/operation.ts'
import { chimeContracts, contracts } from '../../src/domains/contracts.ts'
import { basicTime } from '../../src/identity/canonical.ts'
import { type Tenant, useBelfry } from '../support/belfry.ts'
import { accountSuspended, changeAccount, givenAccount, notFound, refusedRaw } from '../support/given.ts'
import { type RawRequest, send, signByHand } from '../support/raw.ts'
import { sampleRequest } from '../support/samples.ts'

const { belfry, tenant } = await useBelfry()
const { awsAccountId } = tenant
const unprivileged = await belfry.tenant({ awsAccountId, policy: '{"Statement":[]}' })
const reader = await belfry.tenant({ awsAccountId, policy: 'AmazonChimeReadOnly' })
const disabled = await belfry.tenant({ awsAccountId, active: false })
const suspended = await givenAccount(tenant)
await changeAccount(belfry, suspended, { account_type: 'EnterpriseDirectory', account_status: 'Suspended' })

/** The events of a bot go either to an endpoint or to a Lambda function. */
const oneTarget = { LambdaFunctionArn: undefined }

const all = Object.entries(contracts) as [string, Operation][]

describe.each(all)('%s', (_, operation) => {
  const request = sampleRequest(operation)

  test('refuses a request without a signature', async () => {
    const { status, headers } = await send(belfry.url, request)
    expect([status, headers['x-amzn-errortype']]).toEqual([403, 'MissingAuthenticationTokenException'])
  })

  test('refuses a signature by another secret', async () => {
    const forger = { ...tenant, credentials: { ...tenant.credentials, secretAccessKey: 'not the secret of the key' } }
    const { status, headers } = await answerTo(forger, request)
    expect([status, headers['x-amzn-errortype']]).toEqual([403, 'InvalidSignatureException'])
  })

  test('refuses a disabled key', async () => {
    const message = 'The access key of this request is switched off'
    expect(refusedRaw(await answerTo(disabled, request))).toBe(
      `401 UnauthorizedClientException Unauthorized: ${message}`,
    )
  })

  test('refuses a caller whose policies do not allow it', async () => {
    const refused = refusedRaw(await answerTo(unprivileged, request))
    expect(refused).toMatch(/^403 AccessDeniedException AccessDenied: .* because no identity-based policy allows/)
  })
})

/** Whether AmazonChimeReadOnly allows the operation. The policy has no actions with the prefix `belfry:`. */
const isReadOnly = (name: string) => name in chimeContracts && /^(?:List|Get|SearchAvailablePhoneNumbers$)/.test(name)

test.each(all.filter(([name, { writes }]) => writes || !isReadOnly(name)))(
  '%s is denied to a caller with AmazonChimeReadOnly',
  async (_, operation) => {
    const refused = refusedRaw(await answerTo(reader, sampleRequest(operation)))
    expect(refused).toMatch(/^403 AccessDeniedException AccessDenied: .* because no identity-based policy allows/)
  },
)

test.each(all.filter(([name]) => isReadOnly(name)))(
  '%s is allowed by AmazonChimeReadOnly and does not write',
  async (_, operation) => {
    expect(operation.writes).toBe(false)
    const { headers } = await answerTo(reader, sampleRequest(operation))
    expect(headers['x-amzn-errortype']).not.toBe('AccessDeniedException')
  },
)

test.each(all.filter(([, { input }]) => Object.keys(input.shape).length > 0))(
  '%s refuses malformed input',
  async (_, operation) => {
    expect(refusedRaw(await answerTo(tenant, malformed(operation)))).toMatch(/^400 BadRequestException BadRequest: /)
  },
)

const ofAccount = all.filter(([, { binding }]) => binding.segments.some((segment) => isAccountId(segment)))

test.each(ofAccount.filter(([, operation]) => lists(operation, 'NotFoundException')))(
  '%s answers NotFoundException for an unknown account',
  async (_, operation) => {
    const request = sampleRequest(operation, { ...oneTarget, AccountId: 'nowhere' })
    expect(refusedRaw(await answerTo(tenant, request))).toBe(notFound('Account', 'nowhere'))
  },
)

/** Operations that are allowed on suspended accounts. */
const allowedIfSuspended = new Set(['DeleteAccount', 'SuspendAccount', 'ReactivateAccount'])
const changing = ofAccount.filter(([name, { writes }]) => writes && !allowedIfSuspended.has(name))

test.each(changing)('%s is refused in a suspended account', async (_, operation) => {
  const request = sampleRequest(operation, { ...oneTarget, AccountId: suspended })
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

/** A body that is not an object or, if the operation has no body, a NUL in the path or the query. */
function malformed(operation: Operation): RawRequest {
  const { segments, queryMembers, bodyMembers } = operation.binding
  if (bodyMembers.length > 0) return { ...sampleRequest(operation), body: '[]' }
  const labels = segments.flatMap((segment) => (typeof segment === 'string' ? [] : [segment.label]))
  const [member = ''] = [...labels, ...Object.values(queryMembers)]
  return sampleRequest(operation, { [member]: 'a\0b' })
}
