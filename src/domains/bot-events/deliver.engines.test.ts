/** The delivery of bot events to a real HTTPS endpoint. */
import { createHmac } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { startBelfry, useBelfry } from '../../../test/support/belfry.ts'
import { type Received, startEndpoint, status, trusting } from '../../../test/support/endpoint.ts'
import { givenBot, givenUser } from '../../../test/support/given.ts'
import { callBelfry, send } from '../../../test/support/raw.ts'

const endpoint = await startEndpoint()
const { belfry, tenant } = await useBelfry(trusting(endpoint))

beforeEach(() => endpoint.answerWith(status(200)))

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
  /** The requests that the bot received. */
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

describe('the delivery of events', () => {
  test('a bot receives signed events in the published format when it is invited, mentioned and removed', async () => {
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
  ])('the message %j mentions the bot: %s', async (content, isMention) => {
    const { domain, email, ...talk } = await givenTalk()
    await say(talk, talk.ann, content.replace('{domain}', domain).replace('{email}', email))
    await deliver()
    expect(talk.types()).toEqual(isMention ? ['Invite', 'Mention'] : ['Invite'])
  })

  test('a failed event is sent twice more, with a new time and signature, and then dropped', async () => {
    endpoint.answerWith(status(503))
    const { AccountId, BotId, received } = await givenTalk()
    await deliver()
    for (const pause of [200, 400, 60_000]) {
      belfry.advance(pause)
      await deliver()
    }
    expect(received()).toHaveLength(3)
    // Compares the signed times, because the server also runs its jobs by itself during this test.
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

  test('a refused event is not sent again', async () => {
    endpoint.answerWith(status(400))
    const { received } = await givenTalk()
    await deliver()
    belfry.advance(10_000)
    await deliver()
    expect(received()).toHaveLength(1)
  })

  test('an attempt that another server began but never finished is repeated', async () => {
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

  test('an attempt that ends after another has begun does not affect the other', async () => {
    const server = await startBelfry(trusting(endpoint))
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

  test('an undelivered event survives a restart', async () => {
    const first = await startBelfry(trusting(endpoint))
    endpoint.answerWith(() => {})
    const { types } = await givenTalk(first, await first.tenant())
    await expect.poll(() => types().length).toBeGreaterThan(0)
    const before = types().length
    endpoint.answerWith(status(200))
    const second = await startBelfry(first.settings)
    second.advance(60_000)
    await second.runJobs()
    await expect.poll(() => types().length).toBeGreaterThan(before)
    const left = () => second.database.read((db) => db.selectFrom('bot_deliveries').selectAll().execute())
    await expect.poll(left).toEqual([])
  })

  test('a slow endpoint does not delay number orders', async () => {
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

  test('a disabled bot receives no events, and a message that mentions it is refused', async () => {
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

  test('a bot receives no more events after its account is suspended or deleted', async () => {
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

  test('a bot receives a Remove event when its room is deleted', async () => {
    const { types, ...talk } = await givenTalk()
    await tenant.chime.deleteRoom(talk)
    await deliver()
    expect(types()).toEqual(['Invite', 'Remove'])
  })
})

describe('the URLs in events', () => {
  test('post as the bot while it is a member, or for two minutes after a mention', async () => {
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
