/** Invitations by mail, handed to a real SMTP server. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { callbackify } from 'node:util'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { describe, expect, test } from 'vitest'
import { afterTests } from '../../../test/support/clean-up.ts'
import { startBelfry, useBelfry } from '../../../test/support/belfry.ts'
import { badRequest, givenAccount, newEmail, refused } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

interface Taken {
  from: string
  to: string
  /** All recipients of the envelope. */
  all: string[]
  text: string
}

const taken: Taken[] = []
let refuseWith: number | undefined
/** The recipients in the order of their mails, and the mails that are held because their recipient is to hang. */
const recipients: string[] = []
let hangs = (_: string) => false
const held: (() => void)[] = []

const { belfry, tenant } = await useBelfry({
  SMTP_URL: await startMailServer(),
  MAIL_FROM: 'Example <chime@example.com>',
})

async function startMailServer(): Promise<string> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      recipients.push(address)
      if (hangs(address)) held.push(() => done(Object.assign(new Error('refused'), { responseCode: 550 })))
      else if (refuseWith === undefined) done()
      else done(Object.assign(new Error('refused'), { responseCode: refuseWith }))
    },
    onData(stream, { envelope }, done) {
      const settle = callbackify(() => take(stream, envelope))
      settle(done)
    },
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  afterTests(() => server.close(() => {}))
  return `smtp://127.0.0.1:${(listening.address() as { port: number }).port}`
}

async function take(stream: Readable, { mailFrom, rcptTo }: SMTPServerSession['envelope']) {
  const all = rcptTo.map(({ address }) => address)
  const from = mailFrom === false ? '' : mailFrom.address
  taken.push({ from, to: all[0] ?? '', all, text: await text(stream) })
}

/** A server that never ends its reply after the greeting. */
async function startEndlessServer() {
  const state = { opened: 0, closed: 0 }
  const server = createServer((socket) => {
    state.opened++
    const talk = setInterval(() => socket.write('250-and\r\n'), 500)
    socket.resume().on('error', () => {})
    socket.write('220 welcome\r\n')
    socket.on('close', () => {
      state.closed++
      clearInterval(talk)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterTests(() => void server.close())
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, state }
}

async function invite(AccountId: string, email = newEmail()) {
  const { Invites = [] } = await tenant.chime.inviteUsers({ AccountId, UserEmailList: [email] })
  const { Users = [] } = await tenant.chime.listUsers({ AccountId, UserEmail: email })
  return { email, invite: Invites[0], UserId: Users[0]?.UserId ?? '' }
}

const mailsTo = (email: string) => taken.filter(({ to }) => to === email)
const statusOf = async (AccountId: string, UserId: string) =>
  (await tenant.chime.getUser({ AccountId, UserId })).User?.UserInvitationStatus

describe('InviteUsers with a mail server', () => {
  test('sends a message that names the account and the invitation', async () => {
    const AccountId = await givenAccount(tenant, 'Bell & Söhne')
    const { email, invite: made } = await invite(AccountId)
    expect(made).toMatchObject({ EmailStatus: 'Sent', Status: 'Pending' })
    await belfry.runJobs()
    const [mail] = mailsTo(email)
    expect(mail?.from).toBe('chime@example.com')
    expect(mail?.text).toContain(`To: ${email}`)
    expect(mail?.text).toContain(made?.InviteId)
    await belfry.runJobs()
    expect(mailsTo(email)).toHaveLength(1)
  })

  test('sends the message again for a pending invitation, but not for an accepted one', async () => {
    const AccountId = await givenAccount(tenant)
    const { email, UserId, invite: first } = await invite(AccountId)
    await belfry.runJobs()
    expect((await invite(AccountId, email)).invite).toEqual(first)
    await belfry.runJobs()
    expect(mailsTo(email)).toHaveLength(2)
    await callBelfry(belfry.url, tenant, `POST /accounts/${AccountId}/users/${UserId}?operation=accept-invitation`, {})
    expect((await invite(AccountId, email)).invite).toMatchObject({ EmailStatus: 'NotSent', Status: 'Accepted' })
    await belfry.runJobs()
    expect(mailsTo(email)).toHaveLength(2)
  })

  test.each([
    'a@b.co, c@d.co',
    'a@b.co,c@d.co',
    'a@b.co;c@d.co',
    'a@b@c.co',
    'a@b.co\r\nBcc: c@d.co',
    'a@b.co SIZE=1',
    '<a@b.co>',
    'Ann <a@b.co>',
    '"a b"@c.co',
    ' a@b.co',
    'a\u200b@b.co',
  ])('refuses %j, which is not one address', async (email) => {
    const AccountId = await givenAccount(tenant)
    const good = newEmail()
    const call = tenant.chime.inviteUsers({ AccountId, UserEmailList: [good, email] })
    expect(await refused(call)).toBe(
      badRequest('UserEmailList must have one address in each item, without blanks, quotes or separators'),
    )
    expect((await tenant.chime.listUsers({ AccountId })).Users).toEqual([])
  })

  test('closes the connection to a server that never ends its reply', async () => {
    const endless = await startEndlessServer()
    const server = await startBelfry({ SMTP_URL: endless.url })
    const caller = await server.tenant()
    const AccountId = await givenAccount(caller)
    await caller.chime.inviteUsers({ AccountId, UserEmailList: [newEmail()] })
    await server.runJobs()
    await expect.poll(() => endless.state).toEqual({ opened: 1, closed: 1 })
  })

  test('tries again if the server is busy, and gives up after a day', async () => {
    const AccountId = await givenAccount(tenant)
    refuseWith = 451
    const { email, UserId } = await invite(AccountId)
    await belfry.runJobs()
    refuseWith = undefined
    await belfry.runJobs()
    expect(mailsTo(email)).toHaveLength(0)
    belfry.advance(60_000)
    await belfry.runJobs()
    expect(mailsTo(email)).toHaveLength(1)
    expect(await statusOf(AccountId, UserId)).toBe('Pending')

    refuseWith = 451
    const other = await invite(AccountId)
    for (const minutes of [0, 1, 5, 30, 120, 1440]) {
      belfry.advance(minutes * 60_000)
      expect(await statusOf(AccountId, other.UserId)).toBe('Pending')
      await belfry.runJobs()
    }
    expect(await statusOf(AccountId, other.UserId)).toBe('Failed')
    refuseWith = undefined
    expect((await invite(AccountId, other.email)).invite).toMatchObject({ EmailStatus: 'Sent', Status: 'Pending' })
    await belfry.runJobs()
    expect(mailsTo(other.email)).toHaveLength(1)
    expect(await statusOf(AccountId, other.UserId)).toBe('Pending')
  })

  test('gives up at once if the server refuses the message for good', async () => {
    const AccountId = await givenAccount(tenant)
    refuseWith = 550
    const { UserId } = await invite(AccountId)
    await belfry.runJobs()
    refuseWith = undefined
    expect(await statusOf(AccountId, UserId)).toBe('Failed')
  })

  test('sends no message for an invitation that was declined meanwhile', async () => {
    const AccountId = await givenAccount(tenant)
    refuseWith = 451
    const { email, UserId } = await invite(AccountId)
    await belfry.runJobs()
    refuseWith = undefined
    await callBelfry(belfry.url, tenant, `POST /accounts/${AccountId}/users/${UserId}?operation=decline-invitation`)
    belfry.advance(60_000)
    await belfry.runJobs()
    expect(mailsTo(email)).toHaveLength(0)
  })
})

test('the mails of one AWS account that hang do not hold up those of another', async () => {
  const other = await belfry.tenant()
  const [AccountId, otherAccountId] = [await givenAccount(tenant), await givenAccount(other)]
  const slow = Array.from({ length: 50 }, () => `slow.${newEmail()}`)
  const prompt = newEmail()
  hangs = (address) => address.startsWith('slow.')
  const before = recipients.length
  await tenant.chime.inviteUsers({ AccountId, UserEmailList: slow })
  await other.chime.inviteUsers({ AccountId: otherAccountId, UserEmailList: [prompt] })
  await expect.poll(() => recipients.slice(before).indexOf(prompt), { timeout: 50_000 }).toBeGreaterThan(-1)
  expect(recipients.slice(before).indexOf(prompt)).toBeLessThan(slow.length)
  hangs = () => false
  for (const release of held) release()
  await belfry.runJobs()
})

test('a mail that cannot be composed does not hold up other mails', async () => {
  const account_id = await givenAccount(tenant)
  const users = await Promise.all(Array.from({ length: 6 }, () => invite(account_id)))
  await belfry.runJobs()
  const { awsAccountId: aws_account_id } = tenant
  const due_at = '2000-01-01T00:00:00.000Z'
  await belfry.database.write(async (db) => {
    await db.deleteFrom('accounts').where('account_id', '=', account_id).execute()
    for (const { UserId: user_id, invite: made } of users) {
      const mail = { aws_account_id, account_id, user_id, invite_id: made?.InviteId ?? '', attempts: 0, due_at }
      await db.insertInto('invitation_mails').values(mail).execute()
    }
  })
  const email = newEmail()
  await invite(await givenAccount(tenant), email)
  await expect(belfry.runJobs()).rejects.toThrow()
  expect(taken.map(({ to }) => to)).toContain(email)
  await belfry.database.write(async (db) => void (await db.deleteFrom('invitation_mails').execute()))
})
