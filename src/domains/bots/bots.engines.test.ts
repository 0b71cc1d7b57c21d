import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import {
  accountSuspended,
  badRequest,
  changeAccount,
  givenDomain,
  givenAccount,
  notFound,
  readPages,
  refused,
} from '../../../test/support/given.ts'
import { callBelfry, sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant } = await useBelfry()

const given = () => givenDomain(belfry, tenant)

async function givenBot() {
  const { AccountId, domain } = await given()
  const { Bot } = await tenant.chime.createBot({ AccountId, DisplayName: 'myBot' })
  return { AccountId, domain, BotId: Bot?.BotId ?? '', Bot }
}

describe('CreateBot', () => {
  test('makes a bot in the domain of the account', async () => {
    const { AccountId, domain } = await given()
    const { Bot, $metadata } = await tenant.chime.createBot({ AccountId, DisplayName: 'myBot', Domain: domain })
    expect($metadata.httpStatusCode).toBe(201)
    expect(Bot).toEqual({
      BotId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      UserId: Bot?.BotId,
      DisplayName: 'myBot (Bot)',
      BotType: 'ChatBot',
      Disabled: false,
      CreatedTimestamp: expect.any(Date),
      UpdatedTimestamp: Bot?.CreatedTimestamp,
      BotEmail: `myBot-chimebot@${domain}`,
      SecurityToken: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test('uses the first claimed domain by default, and leaves out characters that an address cannot have', async () => {
    const { AccountId, domain } = await given()
    belfry.advance(1000)
    await callBelfry(belfry.url, tenant, `PUT /accounts/${AccountId}/domains/0.${domain}`)
    const { Bot } = await tenant.chime.createBot({ AccountId, DisplayName: 'Ünï cörn & "friends" <3' })
    expect(Bot).toMatchObject({
      DisplayName: 'Ünï cörn & "friends" <3 (Bot)',
      BotEmail: `ncrn&friends3-chimebot@${domain}`,
    })
  })

  test('refuses a name that is taken, blank or too long, and a domain that is not claimed', async () => {
    const { AccountId } = await givenBot()
    const create = (DisplayName: string, Domain?: string) =>
      refused(tenant.chime.createBot({ AccountId, DisplayName, Domain }))
    expect(await create('myBot')).toBe(badRequest('Another bot in the domain has this name'))
    expect(await create(' ')).toContain("'DisplayName'")
    expect(await create('x'.repeat(56))).toContain("'DisplayName'")
    const unclaimed = badRequest('A bot needs a domain that the account claimed')
    expect(await create('other', 'elsewhere.org')).toBe(unclaimed)
    const bare = await givenAccount(tenant)
    expect(await refused(tenant.chime.createBot({ AccountId: bare, DisplayName: 'x' }))).toMatch(/^400 .*Team/)
    await changeAccount(belfry, bare, { account_type: 'EnterpriseLWA' })
    expect(await refused(tenant.chime.createBot({ AccountId: bare, DisplayName: 'x' }))).toBe(unclaimed)
  })

  test('refuses the eleventh bot of an account', async () => {
    const { AccountId } = await given()
    for (let count = 0; count < 10; count++) await tenant.chime.createBot({ AccountId, DisplayName: `bot ${count}` })
    expect(await refused(tenant.chime.createBot({ AccountId, DisplayName: 'one more' }))).toBe(
      '400 ResourceLimitExceededException ResourceLimitExceeded: The limit of 10 bots per account would be exceeded',
    )
    const { Bots } = await tenant.chime.listBots({ AccountId })
    expect(Bots).toHaveLength(10)
    const pages = await readPages((from) => tenant.chime.listBots({ AccountId, MaxResults: 4, ...from }))
    expect(pages.flatMap((page) => page.Bots)).toEqual(Bots)
    expect(await refused(tenant.chime.listBots({ AccountId, MaxResults: 100 }))).toContain("'MaxResults'")
  })
})

describe('GetBot, ListBots, UpdateBot, RegenerateSecurityToken', () => {
  test('show a bot, disable it and renew its token', async () => {
    const { Bot, ...input } = await givenBot()
    expect((await tenant.chime.getBot(input)).Bot).toEqual(Bot)
    expect((await tenant.chime.updateBot(input)).Bot).toEqual(Bot)
    belfry.advance(1000)
    const off = (await tenant.chime.updateBot({ ...input, Disabled: true })).Bot
    expect(off).toEqual({ ...Bot, Disabled: true, UpdatedTimestamp: off?.UpdatedTimestamp })
    expect(Number(off?.UpdatedTimestamp)).toBeGreaterThan(Number(Bot?.UpdatedTimestamp))
    const renewed = (await tenant.chime.regenerateSecurityToken(input)).Bot
    expect(renewed).toEqual({ ...off, SecurityToken: renewed?.SecurityToken })
    expect(renewed?.SecurityToken).not.toBe(off?.SecurityToken)
    expect((await tenant.chime.listBots(input)).Bots).toEqual([renewed])
  })

  test('do not find an unknown bot, and refuse changes in a suspended account', async () => {
    const { AccountId, BotId } = await givenBot()
    const { chime } = tenant
    const nobody = { AccountId, BotId: 'nobody' }
    expect(await refused(chime.getBot(nobody))).toBe(notFound('Bot', 'nobody'))
    expect(await refused(chime.updateBot(nobody))).toBe(notFound('Bot', 'nobody'))
    expect(await refused(chime.regenerateSecurityToken(nobody))).toBe(notFound('Bot', 'nobody'))
    const { chime: stranger } = await belfry.tenant()
    expect(await refused(stranger.getBot({ AccountId, BotId }))).toBe(notFound('Account', AccountId))
    expect(await refused(stranger.listBots({ AccountId }))).toBe(notFound('Account', AccountId))
    await changeAccount(belfry, AccountId, { account_status: 'Suspended' })
    expect((await chime.getBot({ AccountId, BotId })).Bot?.BotId).toBe(BotId)
    expect(await refused(chime.updateBot({ AccountId, BotId, Disabled: true }))).toBe(accountSuspended)
    expect(await refused(chime.regenerateSecurityToken({ AccountId, BotId }))).toBe(accountSuspended)
    expect(await refused(chime.createBot({ AccountId, DisplayName: 'x' }))).toBe(accountSuspended)
  })

  test('list no bots at first', async () => {
    const { AccountId } = await given()
    const { body } = await sendSigned(belfry.url, tenant, { path: `/accounts/${AccountId}/bots` })
    expect(body).toBe('{"Bots":[],"NextToken":null}')
  })
})

test('a bot that is disabled or has no endpoint cannot be added to a room, and no bot can have a number', async () => {
  const { AccountId, BotId } = await givenBot()
  const { Room } = await tenant.chime.createRoom({ AccountId, Name: 'Room' })
  const join = () => refused(tenant.chime.createRoomMembership({ AccountId, RoomId: Room?.RoomId, MemberId: BotId }))
  expect(await join()).toBe(badRequest('The bot has no events configuration'))
  await tenant.chime.updateBot({ AccountId, BotId, Disabled: true })
  expect(await join()).toBe(badRequest('The bot is disabled'))
  const assign = { AccountId, UserId: BotId, E164PhoneNumber: '+12065550100' }
  expect(await refused(tenant.chime.associatePhoneNumberWithUser(assign))).toBe(notFound('User', BotId))
})
