/** Where the events of bots go, and that they get there: a real HTTPS endpoint takes them. */
import { createHmac } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Tenant, type TestBelfry, startBelfry } from '../../../test/support/belfry.ts'
import { type Endpoint, type Received, startEndpoint, status } from '../../../test/support/endpoint.ts'
import { badRequest, changeAccount, givenAccount, givenUser, notFound, refused } from '../../../test/support/given.ts'
import { startLambda } from '../../../test/support/lambda.ts'
import { callBelfry, send, sendSigned } from '../../../test/support/raw.ts'

let endpoint: Endpoint
let belfry: TestBelfry
let tenant: Tenant
let accounts = 0

beforeAll(async () => {
  endpoint = await startEndpoint()
  belfry = await startBelfry(trusting())
  tenant = await belfry.tenant()
})

beforeEach(() => {
  endpoint.answerWith(status(200))
  endpoint.meetChallengeWith(undefined)
})

/** Settings of a server that takes the endpoint for public, and its certificate for good. */
const trusting = () => ({ WEBHOOK_ALLOW: 'localhost', WEBHOOK_CA_FILE: endpoint.caFile })

async function givenBot(server = belfry, using = tenant) {
  const AccountId = await givenAccount(using)
  await changeAccount(server, AccountId, { account_type: 'EnterpriseLWA' })
  const domain = `b${accounts++}-${using.awsAccountId}.example.com`
  await callBelfry(server.url, using, `PUT /accounts/${AccountId}/domains/${domain}`)
  const { Bot } = await using.chime.createBot({ AccountId, DisplayName: 'Helper' })
  return { AccountId, BotId: Bot?.BotId ?? '', token: Bot?.SecurityToken ?? '', email: Bot?.BotEmail ?? '', domain }
}

/** A bot with an endpoint, in a room with a user. */
async function givenTalk(server = belfry, using = tenant) {
  const { AccountId, BotId, ...bot } = await givenBot(server, using)
  const OutboundEventsHTTPSEndpoint = `${endpoint.url}/${BotId}`
  await using.chime.putEventsConfiguration({ AccountId, BotId, OutboundEventsHTTPSEndpoint })
  const { Room } = await using.chime.createRoom({ AccountId, Name: 'Room' })
  const RoomId = Room?.RoomId ?? ''
  const ann = await givenUser(using, AccountId, `ann.${RoomId}@example.com`)
  await using.chime.createRoomMembership({ AccountId, RoomId, MemberId: ann })
  await using.chime.createRoomMembership({ AccountId, RoomId, MemberId: BotId })
  /** What the bot was sent. */
  const received = () => endpoint.received.filter(({ path }) => path.endsWith(BotId))
  const types = () => received().map(({ json }) => json['EventType'])
  return { AccountId, BotId, RoomId, ann, received, types, ...bot }
}

const deliver = () => belfry.runJobs()

const say = (at: { AccountId: string; RoomId: string }, SenderId: string, Content: string) =>
  callBelfry(belfry.url, tenant, `POST /accounts/${at.AccountId}/rooms/${at.RoomId}/messages`, { SenderId, Content })

const inbound = ({ json }: Received) => (json['InboundHttpsEndpoint'] as { EndpointType: string; Url: string }).Url

const postTo = (url: string, Content: string) => {
  const { origin, pathname, search } = new URL(url)
  return send(origin, { method: 'POST', path: pathname + search, body: JSON.stringify({ Content }) })
}

describe('PutEventsConfiguration', () => {
  test('asks the endpoint first, and answers what is set', async () => {
    const { AccountId, BotId } = await givenBot()
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

  test.each<[string, Parameters<Endpoint['meetChallengeWith']>[0], string]>([
    [
      'another challenge',
      (_, response) => response.end('{"Challenge":"1"}'),
      'The endpoint did not repeat the challenge',
    ],
    ['no JSON', (_, response) => response.end('hello'), 'The endpoint did not repeat the challenge'],
    ['null', (_, response) => response.end('null'), 'The endpoint did not repeat the challenge'],
    ['an error', status(500), 'The endpoint answered the challenge with status 500'],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { Location: endpoint.url }).end(),
      'The endpoint answered the challenge with status 302',
    ],
    ['too much', (_, response) => response.end('x'.repeat(100_000)), 'The endpoint answered too much'],
    ['nothing', () => {}, 'The endpoint did not answer within 2 seconds'],
    [
      'another protocol',
      (_, response) =>
        response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      'The endpoint answered the challenge with status 101',
    ],
    ['a broken connection', (_, response) => response.destroy(), 'The endpoint cannot be reached'],
  ])('refuses an endpoint that answers %s, and keeps nothing', async (_, answer, reason) => {
    const { AccountId, BotId } = await givenBot()
    endpoint.meetChallengeWith(answer)
    const put = tenant.chime.putEventsConfiguration({ AccountId, BotId, OutboundEventsHTTPSEndpoint: endpoint.url })
    expect(await refused(put)).toBe(badRequest(reason))
    const get = tenant.chime.getEventsConfiguration({ AccountId, BotId })
    expect(await refused(get)).toBe(notFound('EventsConfiguration', BotId))
  })

  test.each([
    ['http', 'http://localhost/', 'The endpoint is not an https:// URL'],
    ['no URL', 'somewhere', 'The endpoint is not an https:// URL'],
    ['a password', 'https://a:b@localhost/', 'The endpoint has a user or a password in its URL'],
    ['loopback', 'https://127.0.0.1/', 'The endpoint is at an address that is not public'],
    ['loopback in disguise', 'https://0x7f.1/', 'The endpoint is at an address that is not public'],
    ['loopback of IPv6', 'https://[::1]/', 'The endpoint is at an address that is not public'],
    ['IPv4 in IPv6', 'https://[::ffff:127.0.0.1]/', 'The endpoint is at an address that is not public'],
    ['IPv4 in IPv6, the old way', 'https://[::127.0.0.1]/', 'The endpoint is at an address that is not public'],
    ['IPv6 that is not in use yet', 'https://[4000::1]/', 'The endpoint is at an address that is not public'],
    ['a private network', 'https://10.1.2.3/', 'The endpoint is at an address that is not public'],
    ['link-local', 'https://169.254.169.254/latest/meta-data', 'The endpoint is at an address that is not public'],
    ['a name that is none', 'https://nowhere.invalid/', 'The endpoint has a name that cannot be resolved'],
  ])('refuses %s', async (_, OutboundEventsHTTPSEndpoint, reason) => {
    const { AccountId, BotId } = await givenBot()
    const put = tenant.chime.putEventsConfiguration({ AccountId, BotId, OutboundEventsHTTPSEndpoint })
    expect(await refused(put)).toBe(badRequest(reason))
  })

  test('refuses a certificate that nobody vouches for, and a place that nobody named', async () => {
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

  test('takes one of the two, for a bot that is there', async () => {
    const { AccountId, BotId } = await givenBot()
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
  test('show, forget, and know no strangers', async () => {
    const { AccountId, BotId } = await givenTalk()
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
  test('is tried when it is set, and invoked with what is signed', async () => {
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

describe('events', () => {
  test('a bot hears that it was invited, mentioned and removed, signed, in the published form', async () => {
    const { RoomId, AccountId, BotId, ann, token, received } = await givenTalk()
    await say({ AccountId, RoomId }, ann, 'Hello everybody')
    await say({ AccountId, RoomId }, ann, '@helper what is up?')
    await tenant.chime.deleteRoomMembership({ AccountId, RoomId, MemberId: BotId })
    await deliver()
    const arn = `arn:aws:iam::${tenant.awsAccountId}:user/tester`
    const Discussion = { DiscussionId: RoomId, DiscussionType: 'Room' }
    const Url = expect.stringMatching(new RegExp(`^${belfry.url}/incomingwebhooks/[0-9a-f-]{36}\\?token=[\\w-]{64}$`))
    const EventTimestamp = expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/)
    expect(received().map(({ json }) => json)).toEqual([
      {
        Sender: { SenderId: arn, SenderIdType: 'PrincipalArn' },
        Discussion,
        EventType: 'Invite',
        InboundHttpsEndpoint: { EndpointType: 'Persistent', Url },
        EventTimestamp,
      },
      {
        Sender: { SenderId: `ann.${RoomId}@example.com`, SenderIdType: 'EmailId' },
        Discussion,
        EventType: 'Mention',
        InboundHttpsEndpoint: { EndpointType: 'ShortLived', Url },
        EventTimestamp,
        Message: '@helper what is up?',
      },
      { Sender: { SenderId: arn, SenderIdType: 'PrincipalArn' }, Discussion, EventType: 'Remove', EventTimestamp },
    ])
    for (const { method, path, headers, body } of received()) {
      const time = String(headers['chime-request-timestamp'])
      const signature = createHmac('sha256', token).update(`${time}|${body}`).digest('base64')
      expect([method, path, headers['content-type'], headers['chime-signature']]).toEqual([
        'POST',
        `/bot/${BotId}`,
        'application/json',
        signature,
      ])
    }
  })

  test.each([
    ['@Helper hi', true],
    ['hi @HELPER!', true],
    ['@Helper (Bot): hi', true],
    ['ask @helper@{domain} about it', true],
    ['ask @{email}', true],
    ['helper, are you there?', false],
    ['@helpers', false],
    ['mail me@helper', false],
    ['@other', false],
  ])('%j mentions it: %s', async (content, isMention) => {
    const { domain, email, ...talk } = await givenTalk()
    await say(talk, talk.ann, content.replace('{domain}', domain).replace('{email}', email))
    await deliver()
    expect(talk.types()).toEqual(isMention ? ['Invite', 'Mention'] : ['Invite'])
  })

  test('what fails is sent twice more, with a new time and signature, and then dropped', async () => {
    endpoint.answerWith(status(503))
    const { AccountId, BotId, received } = await givenTalk()
    await deliver()
    for (const pause of [200, 400, 60_000]) {
      belfry.advance(pause)
      await deliver()
    }
    expect(received()).toHaveLength(3)
    // By the times that were signed, for the server looks by itself as well while this test goes on.
    const [first = 0, second = 0, third = 0] = received().map(({ headers }) =>
      Date.parse(String(headers['chime-request-timestamp'])),
    )
    expect(second - first).toBeGreaterThanOrEqual(200)
    expect(third - second).toBeGreaterThanOrEqual(400)
    const sent = received().map(({ headers, body }) => [headers['chime-signature'], body])
    expect(new Set(sent.map(([signature]) => signature)).size).toBe(3)
    expect(new Set(sent.map(([, body]) => body)).size).toBe(1)
    const { json } = await callBelfry(belfry.url, tenant, `GET /events?event-name=DropBotEvent&resource-id=${BotId}`)
    expect(JSON.stringify(json)).toContain(AccountId)
  })

  test('what is refused is not sent again', async () => {
    endpoint.answerWith(status(400))
    const { received } = await givenTalk()
    await deliver()
    belfry.advance(10_000)
    await deliver()
    expect(received()).toHaveLength(1)
  })

  test('an attempt that another server began and never finished is made again', async () => {
    endpoint.answerWith(status(503))
    const { BotId, received } = await givenTalk()
    await deliver()
    const due_at = new Date(Number(tenant.now()) + 10_000).toISOString()
    await belfry.database.write((db) =>
      db.updateTable('bot_deliveries').set({ attempts: 1, due_at }).where('bot_id', '=', BotId).execute(),
    )
    await deliver()
    const before = received().length
    await deliver()
    expect(received()).toHaveLength(before)
    endpoint.answerWith(status(200))
    belfry.advance(10_000)
    await deliver()
    expect(received()).toHaveLength(before + 1)
  })

  test('an attempt that ends after another began leaves that one alone', async () => {
    const server = await startBelfry(trusting())
    const answers: ((code: number) => void)[] = []
    endpoint.answerWith((_, response) => void answers.push((code) => response.writeHead(code).end()))
    const { BotId, received } = await givenTalk(server, await server.tenant())
    const first = server.runJobs()
    await expect.poll(() => answers.length).toBe(1)
    const other = await startBelfry(server.settings)
    other.advance(10_000)
    const second = other.runJobs()
    await expect.poll(() => answers.length).toBe(2)
    const left = () =>
      server.database.read((db) =>
        db.selectFrom('bot_deliveries').select(['attempts', 'due_at']).where('bot_id', '=', BotId).execute(),
      )
    const taken = await left()
    answers[0]?.(503)
    await first
    expect(await left()).toEqual(taken)
    answers[1]?.(200)
    await second
    expect(await left()).toEqual([])
    expect(received()).toHaveLength(2)
  })

  test('what is on its way survives a restart', async () => {
    const first = await startBelfry(trusting())
    endpoint.answerWith(status(503))
    const { types } = await givenTalk(first, await first.tenant())
    await first.runJobs()
    endpoint.answerWith(status(200))
    const second = await startBelfry(first.settings)
    second.advance(60_000)
    await second.runJobs()
    await expect.poll(types).toEqual(['Invite', 'Invite'])
    const left = () => second.database.read((db) => db.selectFrom('bot_deliveries').selectAll().execute())
    await expect.poll(left).toEqual([])
  })

  test('a slow endpoint holds up neither the orders nor the events of others', async () => {
    await givenTalk()
    endpoint.answerWith(() => {})
    const delivering = deliver()
    const numbers = await belfry.stock(1)
    await tenant.chime.createPhoneNumberOrder({ ProductType: 'BusinessCalling', E164PhoneNumbers: numbers })
    belfry.advance(2_000)
    await expect
      .poll(async () => (await tenant.chime.getPhoneNumber({ PhoneNumberId: numbers[0] })).PhoneNumber?.Status, {
        timeout: 1_500,
      })
      .toBe('Unassigned')
    await delivering
  })

  test('a bot that was stopped hears nothing, and whoever mentions it gets an error', async () => {
    const { ann, types, ...talk } = await givenTalk()
    await deliver()
    await tenant.chime.updateBot({ ...talk, Disabled: true })
    const answer = await say(talk, ann, 'hello @helper')
    expect([answer.status, answer.json['Message']]).toEqual([400, 'The bot is disabled'])
    const { json } = await callBelfry(
      belfry.url,
      tenant,
      `GET /accounts/${talk.AccountId}/rooms/${talk.RoomId}/messages`,
    )
    expect(json['Messages']).toEqual([])
    await tenant.chime.deleteRoomMembership({ ...talk, MemberId: talk.BotId })
    await deliver()
    expect(types()).toEqual(['Invite'])
  })

  test('a bot hears nothing more once its account is suspended, or deleted', async () => {
    endpoint.answerWith(status(503))
    const [suspended, deleted] = [await givenTalk(), await givenTalk()]
    await callBelfry(belfry.url, tenant, `POST /accounts/${suspended.AccountId}?operation=suspend`)
    await callBelfry(belfry.url, tenant, `DELETE /accounts/${deleted.AccountId}/domains/${deleted.domain}`)
    await tenant.chime.deleteAccount(deleted)
    await deliver()
    const before = [suspended, deleted].map(({ received }) => received().length)
    belfry.advance(10_000)
    await deliver()
    expect([suspended, deleted].map(({ received }) => received().length)).toEqual(before)
  })

  test('a room that is deleted lets its bots go', async () => {
    const { types, ...talk } = await givenTalk()
    await tenant.chime.deleteRoom(talk)
    await deliver()
    expect(types()).toEqual(['Invite', 'Remove'])
  })
})

describe('the URLs in events', () => {
  test('post into the room as the bot: for good while it is a member, for two minutes after a mention', async () => {
    const { ann, received, ...talk } = await givenTalk()
    await say(talk, ann, '@helper?')
    await deliver()
    const [persistent = '', shortLived = ''] = received().map(inbound)
    const answer = await postTo(persistent, 'Hello, I am here to **help**.')
    expect([answer.status, answer.json]).toEqual([200, { MessageId: expect.any(String), RoomId: talk.RoomId }])
    expect((await postTo(shortLived, 'Yes?')).status).toBe(200)
    const read = async () => {
      const path = `GET /accounts/${talk.AccountId}/rooms/${talk.RoomId}/messages`
      return (await callBelfry(belfry.url, tenant, path)).json['Messages']
    }
    expect(await read()).toEqual([
      expect.objectContaining({ SenderType: 'User', SenderId: ann }),
      expect.objectContaining({ SenderType: 'Bot', SenderId: talk.BotId, Content: 'Hello, I am here to **help**.' }),
      expect.objectContaining({ SenderType: 'Bot', SenderId: talk.BotId, Content: 'Yes?' }),
    ])
    belfry.advance(2 * 60 * 1000)
    expect((await postTo(shortLived, 'Late')).status).toBe(404)
    expect((await postTo(persistent, 'Still here')).status).toBe(200)
    await tenant.chime.updateBot({ ...talk, Disabled: true })
    belfry.advance(1000)
    expect((await postTo(persistent, 'Stopped')).status).toBe(403)
    await tenant.chime.updateBot({ ...talk, Disabled: false })
    await tenant.chime.deleteRoomMembership({ ...talk, MemberId: talk.BotId })
    belfry.advance(1000)
    expect((await postTo(persistent, 'Gone')).status).toBe(404)
  })
})
