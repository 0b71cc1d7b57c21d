/** Belfry's own HTTP edge and request path in front of another store, for AssociatePhoneNumberWithUser only. */
import { randomBytes } from 'node:crypto'
import type { Operation } from '../../src/contract/operation.ts'
import { actionOf, contracts } from '../../src/domains/contracts.ts'
import { newAccessKey } from '../../src/domains/access-keys/rules.ts'
import { administratorAccess } from '../../src/domains/policies/builtin.ts'
import { arnOf } from '../../src/domains/principals/rules.ts'
import { type Authenticator, authenticate } from '../../src/identity/authenticate.ts'
import { assertAllowed, resourceOf } from '../../src/identity/policy.ts'
import { isClaimedKeyKnown } from '../../src/identity/claimed-key.ts'
import { createRateLimit } from '../../src/identity/rate-limit.ts'
import { createSealer } from '../../src/identity/sealing.ts'
import { createPolicyReader } from '../../src/identity/stored-policies.ts'
import { createSigningKeys } from '../../src/identity/signing-keys.ts'
import { createEdge } from '../../src/service/http.ts'
import { createListener } from '../../src/service/listener.ts'
import { parseInput, readAddress, readDocument } from '../../src/service/parse.ts'
import { renderError, renderOutput } from '../../src/service/render.ts'
import type { HttpAnswer } from '../../src/wire/answer.ts'
import type { Request } from '../../src/wire/request.ts'
import { createRouter } from '../../src/service/route.ts'
import { systemClock } from '../../src/primitives/clock.ts'
import { awsAccountId, credentials } from '../data.ts'
import type { Association } from '../plain-sqlite.ts'
import { listen } from './listen.ts'

type Associate = (association: Association) => void

const route = createRouter(contracts)

export function serveAssociations(name: string, associate: Associate): void {
  const authenticator = createAuthenticator()
  const { server } = createListener({ headersTimeoutMs: 15_000, requestTimeoutMs: 30_000 })
  const answerOne = (request: Request) => answer(request, authenticator, associate).catch(renderError)
  createEdge(server, {
    isKeyKnown: ({ headers, url = '' }) => isClaimedKeyKnown(authenticator.keyring, headers.authorization, url),
    answer: answerOne,
    refuse: answerOne,
    answerWebhook: async () => ({ status: 404, headers: {}, body: '{}' }),
    isReady: async () => true,
    openApi: () => '{}',
    noteRefusal: () => {},
    clock: systemClock,
    maxConnections: 1000,
    maxConnectionsPerAddress: 0,
    bodyMemory: 64 * 1024 * 1024,
    requestTimeoutMs: 30_000,
    drainDelayMs: 0,
    load: { maxRequests: 0, maxDelayMs: 0, noteTurnedAway() {} },
    metrics: async () => ({ status: 404, headers: {}, body: '{}' }),
  })
  listen(server, name)
}

async function answer(request: Request, authenticator: Authenticator, associate: Associate): Promise<HttpAnswer> {
  const time = systemClock()
  const { caller, policies, scope } = await authenticate(request, time, authenticator)
  const address = readAddress(request)
  const { name, labels } = route(address)
  const operation: Operation = contracts[name]
  const document = readDocument(request, operation)
  const resource = resourceOf(operation.resource, labels, caller)
  assertAllowed(policies, { action: actionOf(name), resource, caller, request, scope, time })
  const input = parseInput(operation, labels, address.query, document)
  const now = systemClock().toISOString()
  associate({ ...namesOf(input), caller, request, now })
  return renderOutput(operation, {})
}

const namesOf = ({ AccountId, UserId, E164PhoneNumber }: Record<string, unknown>) => ({
  accountId: String(AccountId),
  userId: String(UserId),
  phoneNumber: String(E164PhoneNumber),
})

/** Keeps its one key in memory. Belfry caches keys as well, so this comparison is fair. */
function createAuthenticator(): Authenticator {
  const sealer = createSealer(randomBytes(32))
  const principal = { aws_account_id: awsAccountId, principal_name: 'administrator' }
  const key = newAccessKey(principal, credentials, sealer.seal, '2026-01-01T00:00:00.000Z')
  const principalArn = arnOf(awsAccountId, principal.principal_name)
  const caller = { awsAccountId, principalArn, accessKeyId: key.access_key_id }
  const known = { key, caller, policies: [createPolicyReader()(administratorAccess, null)] }
  return {
    keyring: () => known,
    signingKeyOf: createSigningKeys(sealer),
    signatures: { regions: ['*'], clockSkewMs: 900_000 },
    rateLimit: createRateLimit(),
    rates: { read: 0, write: 0 },
    noteUse: () => {},
  }
}
