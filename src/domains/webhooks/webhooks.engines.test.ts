/** Incoming webhooks, to which programs post with the URL as their only credential. */
import { describe, expect, test } from 'vitest'
import { dayMs, newDatabase, startBelfry, useBelfry } from '../../../test/support/belfry.ts'
import { cpuTime } from '../../../test/support/cpu-time.ts'
import {
  accountSuspended,
  changeAccount,
  givenRoom,
  givenUser,
  notFound,
  refusedRaw,
} from '../../../test/support/given.ts'
import { makeInterruptible } from '../../../test/support/interruptible-database.ts'
import { callBelfry, send, sendSigned } from '../../../test/support/raw.ts'

interface Webhook {
  WebhookId: string
  Url: string
}

const { belfry, tenant } = await useBelfry()

const call = (text: string, members?: object) => callBelfry(belfry.url, tenant, text, members)

async function given() {
  const room = await givenRoom(belfry, tenant)
  const path = `/accounts/${room.AccountId}/rooms/${room.RoomId}/webhooks`
  const { json } = await call(`POST ${path}`, { Name: 'Builds' })
  return { ...room, path, ...(json['Webhook'] as Webhook) }
}

const postRaw = (url: string, body?: string | Buffer) => {
  const { origin, pathname, search } = new URL(url)
  return send(origin, { method: 'POST', path: pathname + search, ...(body !== undefined && { body }) })
}
const post = (url: string, Content: unknown) => postRaw(url, JSON.stringify({ Content }))

const messagesIn = async ({ AccountId, RoomId }: { AccountId: string; RoomId: string }) =>
  (await call(`GET /accounts/${AccountId}/rooms/${RoomId}/messages`)).json['Messages'] as { Content: string }[]

describe('CreateRoomWebhook, ListRoomWebhooks, RegenerateRoomWebhook, DeleteRoomWebhook', () => {
  test('show the URL only once', async () => {
    const { path, WebhookId, Url, RoomId } = await given()
    expect(Url).toMatch(new RegExp(`^${belfry.url}/incomingwebhooks/[0-9a-f-]{36}\\?token=[\\w-]{64}$`))
    const shown = {
      CreatedBy: `arn:aws:iam::${tenant.awsAccountId}:user/tester`,
      CreatedTimestamp: expect.stringMatching(/Z$/),
      Name: 'Builds',
      RoomId,
      Url: null,
      WebhookId,
    }
    expect((await call(`GET ${path}`)).json).toEqual({ Webhooks: [shown] })
    const regenerated = (await call(`POST ${path}/${WebhookId}?operation=regenerate`)).json['Webhook'] as Webhook
    expect(regenerated).toEqual({ ...shown, Url: expect.stringContaining('/incomingwebhooks/') })
    expect(regenerated.Url).not.toBe(Url)
    expect((await call(`GET ${path}`)).json).toEqual({ Webhooks: [shown] })
    expect((await call(`DELETE ${path}/${WebhookId}`)).status).toBe(204)
    expect((await call(`GET ${path}`)).json).toEqual({ Webhooks: [] })
  })

  test('allow at most ten webhooks per room', async () => {
    const { path } = await given()
    for (let count = 1; count < 10; count++) expect((await call(`POST ${path}`, { Name: `${count}` })).status).toBe(201)
    expect(refusedRaw(await call(`POST ${path}`, { Name: 'one more' }))).toBe(
      '400 ResourceLimitExceededException ResourceLimitExceeded: The limit of 10 webhooks per room would be exceeded',
    )
  })

  test('do not find unknown webhooks, and refuse blank names and suspended accounts', async () => {
    const { path, AccountId, WebhookId } = await given()
    for (const text of [`DELETE ${path}/nobody`, `POST ${path}/nobody?operation=regenerate`])
      expect(refusedRaw(await call(text))).toBe(notFound('Webhook', 'nobody'))
    expect(refusedRaw(await call(`POST ${path}`, { Name: ' ' }))).toMatch(/^400 BadRequestException/)
    const stranger = await belfry.tenant()
    for (const text of [`GET ${path}`, `DELETE ${path}/${WebhookId}`])
      expect(refusedRaw(await callBelfry(belfry.url, stranger, text))).toBe(notFound('Account', AccountId))
    await changeAccount(belfry, AccountId, { account_status: 'Suspended' })
    expect(refusedRaw(await call(`POST ${path}`, { Name: 'x' }))).toBe(accountSuspended)
  })
})

describe('an incoming webhook', () => {
  test('posts a message into its room', async () => {
    const { Url, WebhookId, ...room } = await given()
    const { status, headers, json } = await post(Url, 'Build **1** is green :)')
    expect([status, headers['content-type'], json]).toEqual([
      200,
      'application/json',
      { MessageId: expect.any(String), RoomId: room.RoomId },
    ])
    expect(await messagesIn(room)).toEqual([
      {
        Content: 'Build **1** is green :)',
        CreatedTimestamp: expect.any(String),
        MessageId: json['MessageId'],
        Redacted: false,
        SenderId: WebhookId,
        SenderType: 'Webhook',
      },
    ])
    const { json: journal } = await call('GET /events?event-name=PostIncomingWebhook')
    expect(JSON.stringify(journal)).toContain(room.RoomId)
  })

  test('accepts one message per second', async () => {
    const { Url, ...room } = await given()
    const statuses = [(await post(Url, '1')).status, (await post(Url, '2')).status]
    belfry.advance(1000)
    statuses.push((await post(Url, '3')).status)
    expect(statuses).toEqual([200, 429, 200])
    expect((await messagesIn(room)).map(({ Content }) => Content)).toEqual(['1', '3'])
  })

  test('accepts messages of 4 KB, also with escape sequences', async () => {
    const { Url } = await given()
    expect((await post(Url, 'é'.repeat(2048))).status).toBe(200)
    belfry.advance(1000)
    const escaped = String.raw`\u0041`.repeat(4096)
    expect((await postRaw(Url, `{"Content":"${escaped}"}`)).status).toBe(200)
    expect((await post(Url, 'é'.repeat(2048) + 'x')).status).toBe(413)
    expect((await post(Url, 'x'.repeat(40_000))).status).toBe(413)
    expect((await post(Url, 'x'.repeat(2_000_000))).status).toBe(413)
  })

  test.each([
    ['a missing body', undefined],
    ['a body that is not JSON', 'Content=hello'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a missing Content', '{}'],
    ['inherited Content', '{"__proto__":{"Content":"x"}}'],
    ['a number', '{"Content":1}'],
    ['an empty text', '{"Content":""}'],
    ['a blank text', '{"Content":" \\n"}'],
    ['a lone surrogate', String.raw`{"Content":"\ud800"}`],
    ['a text with NUL', String.raw`{"Content":"a\u0000"}`],
    ['bytes that are not UTF-8', Buffer.from('{"Content":"\xff"}', 'latin1')],
  ])('refuses %s', async (_, body) => {
    const { Url, ...room } = await given()
    expect(refusedRaw(await postRaw(Url, body))).toMatch(/^400 BadRequestException BadRequest: /)
    expect(await messagesIn(room)).toEqual([])
  })

  test.each([
    ['an empty body', undefined],
    ['another member', '{"text":"hello"}'],
    ['another case', '{"content":"hello"}'],
    ['null', '{"Content":null}'],
  ])('says that Content is missing from %s', async (_, body) => {
    const { Url } = await given()
    expect(refusedRaw(await postRaw(Url, body))).toBe(
      '400 BadRequestException BadRequest: Content is missing: the body must be {"Content":"the message"}',
    )
  })

  test('refuses a token that is sent twice', async () => {
    const { Url } = await given()
    const { searchParams } = new URL(Url)
    expect(refusedRaw(await post(`${Url}&${searchParams.toString()}`, 'x'))).toBe(
      "400 BadRequestException BadRequest: Query parameter 'token' was sent more than once",
    )
  })

  test('accepts @All and @Present in rooms of up to fifty members', async () => {
    const { Url, AccountId, RoomId } = await given()
    const { chime } = tenant
    const add = async (count: number) => {
      const ids = await Promise.all(Array.from({ length: count }, () => givenUser(tenant, AccountId)))
      const MembershipItemList = ids.map((MemberId) => ({ MemberId }))
      await chime.batchCreateRoomMembership({ AccountId, RoomId, MembershipItemList })
    }
    await add(50)
    expect((await post(Url, 'Hello @All')).status).toBe(200)
    await add(1)
    belfry.advance(1000)
    for (const text of ['Hello @All', '@present: look', 'see @ALL'])
      expect(refusedRaw(await post(Url, text))).toBe(
        '400 BadRequestException BadRequest: @All and @Present are for rooms of 50 members at most',
      )
    expect((await post(Url, 'Hello @Allan, mail me@all.example')).status).toBe(200)
  })

  test('answers 403 to a URL that never existed, and 404 to a URL that no longer exists', async () => {
    const { path, Url, WebhookId } = await given()
    const statuses = async (...urls: string[]) => {
      const answers = []
      for (const url of urls) answers.push((await post(url, 'x')).status)
      return answers
    }
    const strange = [
      Url.replace(/token=.*/, 'token=x'),
      Url.replace(/\?.*/, ''),
      `${belfry.url}/incomingwebhooks/x?token=y`,
    ]
    expect(await statuses(...strange, `${Url}x`, `${belfry.url}/incomingwebhooks/`)).toEqual([403, 403, 403, 403, 403])
    const { json } = await call(`POST ${path}/${WebhookId}?operation=regenerate`)
    const { Url: fresh } = json['Webhook'] as Webhook
    expect(await statuses(Url, fresh)).toEqual([404, 200])
    await call(`DELETE ${path}/${WebhookId}`)
    expect(await statuses(Url, fresh)).toEqual([404, 404])
    belfry.advance(91 * dayMs)
    await belfry.runJobs()
    expect(await statuses(Url, fresh)).toEqual([403, 403])
  })

  test('answers 404 after its room or account is deleted, and 403 while its account is suspended', async () => {
    const first = await given()
    await tenant.chime.deleteRoom(first)
    expect((await post(first.Url, 'x')).status).toBe(404)
    const second = await given()
    await changeAccount(belfry, second.AccountId, { account_status: 'Suspended' })
    expect(refusedRaw(await post(second.Url, 'x'))).toBe(accountSuspended)
    expect((await tenant.chime.deleteAccount(second)).$metadata.httpStatusCode).toBe(204)
    expect((await post(second.Url, 'x')).status).toBe(404)
  })

  test('cannot be read, and leaves no token or content in the log', async () => {
    const { Url } = await given()
    const { pathname, search } = new URL(Url)
    await post(Url, 'a secret of the room')
    expect((await send(belfry.url, { path: pathname + search })).status).toBe(403)
    expect((await sendSigned(belfry.url, tenant, { path: pathname })).status).toBe(404)
    const token = new URLSearchParams(search).get('token') ?? ''
    const kept = await belfry.database.read((db) => db.selectFrom('webhook_urls').selectAll().execute())
    for (const text of [token, 'a secret of the room'])
      expect(belfry.log.join('') + JSON.stringify(kept)).not.toContain(text)
  })
})

test('a webhook URL begins with the public URL of the settings', async () => {
  const behind = await startBelfry({ PUBLIC_URL: 'https://chime.example.com/' })
  const caller = await behind.tenant()
  const { AccountId, RoomId } = await givenRoom(behind, caller)
  const path = `POST /accounts/${AccountId}/rooms/${RoomId}/webhooks`
  const { json } = await callBelfry(behind.url, caller, path, { Name: 'x' })
  expect((json['Webhook'] as Webhook).Url).toMatch(/^https:\/\/chime\.example\.com\/incomingwebhooks\//)
})

test('a webhook takes posts under another host name, under the prefix a proxy took off, and with any content type', async () => {
  const behind = await startBelfry({ PUBLIC_URL: 'https://hooks.example.com/chime' })
  const caller = await behind.tenant()
  const { AccountId, RoomId } = await givenRoom(behind, caller)
  const create = `POST /accounts/${AccountId}/rooms/${RoomId}/webhooks`
  const { json } = await callBelfry(behind.url, caller, create, { Name: 'x' })
  const { Url } = json['Webhook'] as Webhook
  expect(Url).toMatch(/^https:\/\/hooks\.example\.com\/chime\/incomingwebhooks\//)
  const path = Url.slice('https://hooks.example.com/chime'.length)
  const headers = { Host: 'hooks.example.com', 'Content-Type': 'text/plain;charset=UTF-8' }
  const post = { method: 'POST', path, headers, body: '{"Content":"hello"}' }
  expect(await send(behind.url, post)).toMatchObject({ status: 200, json: { RoomId } })
})

test('a query that repeats one name thousands of times does not slow the server down', async () => {
  const began = cpuTime()
  for (let count = 0; count < 30; count++)
    expect((await postRaw(`${belfry.url}/incomingwebhooks/x?${'a&'.repeat(7900)}`, '{}')).status).toBe(403)
  expect(cpuTime() - began).toBeLessThan(2_000)
})

test('a post that the database cannot store is answered with 503, and the fault is logged', async () => {
  const database = await makeInterruptible(await newDatabase())
  const server = await startBelfry({ DATABASE: database.url })
  database.cut()
  try {
    expect((await post(`${server.url}/incomingwebhooks/x?token=x`, 'hello')).status).toBe(503)
    expect(server.log.some((line) => line.includes('"msg":"fault"') && line.includes('requestId'))).toBe(true)
  } finally {
    await database.restore()
  }
})
