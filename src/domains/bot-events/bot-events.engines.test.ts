/** The configuration of bot events, with a real HTTPS endpoint and a stand-in for Lambda. */
import { createHmac } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { startBelfry, useBelfry } from '../../../test/support/belfry.ts'
import { type Endpoint, startEndpoint, status, trusting } from '../../../test/support/endpoint.ts'
import { badRequest, changeAccount, givenBot, notFound, refused } from '../../../test/support/given.ts'
import { startLambda } from '../../../test/support/lambda.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const endpoint = await startEndpoint()
const { belfry, tenant } = await useBelfry(trusting(endpoint))

beforeEach(() => endpoint.meetChallengeWith(undefined))

describe('PutEventsConfiguration', () => {
  test('sends a challenge to the endpoint first, and answers with the configuration', async () => {
    const { AccountId, BotId } = await givenBot(belfry, tenant)
    const challenges: unknown[] = []
    endpoint.meetChallengeWith(({ json }, response) => {
      challenges.push(json)
      response.end(JSON.stringify({ Challenge: json['Challenge'] }))
    })
    const input = { AccountId, BotId, OutboundEventsHTTPSEndpoint: endpoint.url }
    const { EventsConfiguration, $metadata } = await tenant.chime.putEventsConfiguration(input)
    expect($metadata.httpStatusCode).toBe(201)
    expect(EventsConfiguration).toEqual({ BotId, OutboundEventsHTTPSEndpoint: endpoint.url })
    expect(challenges).toEqual([
      { Challenge: expect.stringMatching(/^\d{20}$/), EventType: 'HTTPSEndpointVerification' },
    ])
    const path = `/accounts/${AccountId}/bots/${BotId}/events-configuration`
    expect((await sendSigned(belfry.url, tenant, { path })).body).toBe(
      `{"EventsConfiguration":{"BotId":"${BotId}","LambdaFunctionArn":null,"OutboundEventsHTTPSEndpoint":"${endpoint.url}"}}`,
    )
    expect((await tenant.chime.putEventsConfiguration(input)).$metadata.httpStatusCode).toBe(201)
  })

  test('reads the answer to a challenge that begins with a byte order mark', async () => {
    endpoint.meetChallengeWith(({ json }, response) => {
      response.end(`\uFEFF${JSON.stringify({ Challenge: json['Challenge'] })}`)
    })
    const input = { ...(await givenBot(belfry, tenant)), OutboundEventsHTTPSEndpoint: endpoint.url }
    expect((await tenant.chime.putEventsConfiguration(input)).$metadata.httpStatusCode).toBe(201)
  })

  test.each<[string, Parameters<Endpoint['meetChallengeWith']>[0], string]>([
    [
      'a challenge that was not sent',
      (_, response) => response.end('{"Challenge":"1"}'),
      'The endpoint did not repeat the challenge',
    ],
    ['a text that is not JSON', (_, response) => response.end('hello'), 'The endpoint did not repeat the challenge'],
    ['null', (_, response) => response.end('null'), 'The endpoint did not repeat the challenge'],
    ['an error', status(500), 'The endpoint answered the challenge with status 500'],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { Location: endpoint.url }).end(),
      'The endpoint answered the challenge with status 302',
    ],
    ['a body that is too long', (_, response) => response.end('x'.repeat(100_000)), 'The endpoint answered too much'],
    ['nothing', () => {}, 'The endpoint did not answer within 2 seconds'],
    [
      'another protocol',
      (_, response) =>
        response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      'The endpoint answered the challenge with status 101',
    ],
    ['a broken connection', (_, response) => response.destroy(), 'The endpoint cannot be reached'],
  ])('refuses an endpoint that answers the challenge with %s, and stores nothing', async (_, answer, reason) => {
    const { AccountId, BotId } = await givenBot(belfry, tenant)
    endpoint.meetChallengeWith(answer)
    const put = tenant.chime.putEventsConfiguration({ AccountId, BotId, OutboundEventsHTTPSEndpoint: endpoint.url })
    expect(await refused(put)).toBe(badRequest(reason))
    const get = tenant.chime.getEventsConfiguration({ AccountId, BotId })
    expect(await refused(get)).toBe(notFound('EventsConfiguration', BotId))
  })

  test.each([
    ['an http URL', 'http://localhost/', 'The endpoint is not an https:// URL'],
    ['a text that is not a URL', 'somewhere', 'The endpoint is not an https:// URL'],
    ['a URL with a password', 'https://a:b@localhost/', 'The endpoint has a user or a password in its URL'],
    ['a loopback address', 'https://127.0.0.1/', 'The endpoint is at an address that is not public'],
    ['a loopback address in hexadecimal', 'https://0x7f.1/', 'The endpoint is at an address that is not public'],
    ['a loopback address of IPv6', 'https://[::1]/', 'The endpoint is at an address that is not public'],
    ['an IPv4-mapped IPv6 address', 'https://[::ffff:127.0.0.1]/', 'The endpoint is at an address that is not public'],
    ['an IPv4-compatible IPv6 address', 'https://[::127.0.0.1]/', 'The endpoint is at an address that is not public'],
    ['an unallocated IPv6 address', 'https://[4000::1]/', 'The endpoint is at an address that is not public'],
    ['an address of a private network', 'https://10.1.2.3/', 'The endpoint is at an address that is not public'],
    [
      'a link-local address',
      'https://169.254.169.254/latest/meta-data',
      'The endpoint is at an address that is not public',
    ],
    ['a name that cannot be resolved', 'https://nowhere.invalid/', 'The endpoint has a name that cannot be resolved'],
  ])('refuses %s', async (_, OutboundEventsHTTPSEndpoint, reason) => {
    const { AccountId, BotId } = await givenBot(belfry, tenant)
    const put = tenant.chime.putEventsConfiguration({ AccountId, BotId, OutboundEventsHTTPSEndpoint })
    expect(await refused(put)).toBe(badRequest(reason))
  })

  test('refuses an untrusted certificate, and an address that the settings do not allow', async () => {
    const put = async (settings: { WEBHOOK_ALLOW?: string }) => {
      const server = await startBelfry(settings)
      const caller = await server.tenant()
      const input = { ...(await givenBot(server, caller)), OutboundEventsHTTPSEndpoint: endpoint.url }
      return refused(caller.chime.putEventsConfiguration(input))
    }
    const untrusted = badRequest('The endpoint has a certificate that is not trusted')
    expect(await put({ WEBHOOK_ALLOW: '127.0.0.0/8' })).toBe(untrusted)
    expect(await put({ WEBHOOK_ALLOW: '127.0.0.1' })).toBe(untrusted)
    expect(await put({ WEBHOOK_ALLOW: 'example.com,10.0.0.0/8,::/0' })).toBe(
      badRequest('The endpoint is at an address that is not public'),
    )
  })

  test('requires either an endpoint or a function, and an existing bot in an active account', async () => {
    const { AccountId, BotId } = await givenBot(belfry, tenant)
    const put = (input: object) => refused(tenant.chime.putEventsConfiguration({ AccountId, BotId, ...input }))
    const OutboundEventsHTTPSEndpoint = endpoint.url
    const LambdaFunctionArn = 'arn:aws:lambda:us-east-1:111122223333:function:helper'
    const either = badRequest('Either OutboundEventsHTTPSEndpoint or LambdaFunctionArn must be given')
    expect(await put({})).toBe(either)
    expect(await put({ OutboundEventsHTTPSEndpoint, LambdaFunctionArn })).toBe(either)
    expect(await put({ LambdaFunctionArn: 'helper' })).toMatch(/^400 .*ARN/)
    expect(await put({ LambdaFunctionArn })).toBe(
      badRequest('This server has no Lambda endpoint (BELFRY_LAMBDA_ENDPOINT)'),
    )
    expect(await put({ OutboundEventsHTTPSEndpoint, BotId: 'nobody' })).toBe(notFound('Bot', 'nobody'))
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(stranger.putEventsConfiguration({ AccountId, BotId, OutboundEventsHTTPSEndpoint }))).toBe(
      notFound('Account', AccountId),
    )
    await changeAccount(belfry, AccountId, { account_status: 'Suspended' })
    expect(await put({ OutboundEventsHTTPSEndpoint })).toMatch(/^403 ForbiddenException/)
    expect(endpoint.received).toEqual([])
  })
})

describe('GetEventsConfiguration, DeleteEventsConfiguration', () => {
  test('show and delete the configuration, and do not find an unknown bot', async () => {
    const { AccountId, BotId } = await givenBot(belfry, tenant)
    await tenant.chime.putEventsConfiguration({
      AccountId,
      BotId,
      OutboundEventsHTTPSEndpoint: `${endpoint.url}/${BotId}`,
    })
    const { chime } = tenant
    expect((await chime.getEventsConfiguration({ AccountId, BotId })).EventsConfiguration?.BotId).toBe(BotId)
    for (const _ of ['once', 'again'])
      expect((await chime.deleteEventsConfiguration({ AccountId, BotId })).$metadata.httpStatusCode).toBe(204)
    expect(await refused(chime.getEventsConfiguration({ AccountId, BotId }))).toBe(
      notFound('EventsConfiguration', BotId),
    )
    expect(await refused(chime.getEventsConfiguration({ AccountId, BotId: 'nobody' }))).toBe(notFound('Bot', 'nobody'))
    const forbidden = "403 ForbiddenException Forbidden: Could not find Bot with Id 'nobody'"
    expect(await refused(chime.deleteEventsConfiguration({ AccountId, BotId: 'nobody' }))).toBe(forbidden)
  })
})

describe('a Lambda function', () => {
  test('gets a dry run when it is configured, and is invoked with signed events', async () => {
    const lambda = await startLambda()
    const server = await startBelfry({ LAMBDA_ENDPOINT: lambda.url })
    const caller = await server.tenant()
    const { AccountId, BotId, token } = await givenBot(server, caller)
    const LambdaFunctionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:helper'
    const path = `/2015-03-31/functions/${encodeURIComponent(LambdaFunctionArn)}/invocations`
    const put = () => caller.chime.putEventsConfiguration({ AccountId, BotId, LambdaFunctionArn })
    lambda.answerWith(404)
    expect(await refused(put())).toMatch(/^400 BadRequestException BadRequest: The function could not be invoked/)
    lambda.answerWith(undefined)
    expect((await put()).EventsConfiguration).toEqual({ BotId, LambdaFunctionArn })
    const { Room } = await caller.chime.createRoom({ AccountId, Name: 'Room' })
    await caller.chime.createRoomMembership({ AccountId, RoomId: Room?.RoomId, MemberId: BotId })
    lambda.answerWith(500)
    await server.runJobs()
    lambda.answerWith(undefined)
    server.advance(200)
    await server.runJobs()
    const [refusedTry, dryRun, failed, invoked] = lambda.calls
    expect([refusedTry, dryRun]).toEqual(Array(2).fill(expect.objectContaining({ path, type: 'DryRun' })))
    expect(failed).toMatchObject({ path, type: 'RequestResponse' })
    const { 'Chime-Request-Timestamp': time, 'Chime-Signature': signature } = invoked?.context ?? {}
    expect(JSON.parse(invoked?.body ?? '')).toMatchObject({ EventType: 'Invite' })
    expect(signature).toBe(createHmac('sha256', token).update(`${time}|${invoked?.body}`).digest('base64'))
    expect(lambda.calls).toHaveLength(4)
  })
})
