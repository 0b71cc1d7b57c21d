/** Slow endpoints hold up only the AWS account that named them. */
import { beforeEach, expect, test } from 'vitest'
import { type Tenant, useBelfry } from '../../../test/support/belfry.ts'
import { startEndpoint, status, trusting } from '../../../test/support/endpoint.ts'
import { givenBot } from '../../../test/support/given.ts'
import { newId } from '../../primitives/ids.ts'
import { insertDelivery } from './store.ts'

const endpoint = await startEndpoint()
const { belfry } = await useBelfry(trusting(endpoint))

type Listener = Awaited<ReturnType<typeof givenListener>>

/** A bot with an endpoint. No challenge is sent, because it would have to be met in two seconds. */
async function givenListener(tenant: Tenant) {
  const { AccountId, BotId } = await givenBot(belfry, tenant)
  const https_endpoint = `${endpoint.url}/${BotId}`
  await belfry.database.write((db) =>
    db.updateTable('bots').set({ https_endpoint }).where('bot_id', '=', BotId).execute(),
  )
  return { aws_account_id: tenant.awsAccountId, account_id: AccountId, bot_id: BotId }
}

/** Queues an event for each bot, all in one transaction. */
const queue = (...listeners: readonly Listener[]) =>
  belfry.database.write(async (db) => {
    for (const [index, listener] of listeners.entries()) {
      const due_at = new Date(index).toISOString()
      const event = { event_type: 'Invite', body: '{}', attempts: 0, due_at } as const
      await insertDelivery(db, { ...listener, delivery_id: newId(due_at), ...event })
    }
  })

const hanging: Listener[] = []
let prompt: Listener

beforeEach(async () => {
  const [slow, other] = [await belfry.tenant(), await belfry.tenant()]
  hanging.splice(0, Infinity, ...(await Promise.all(Array.from({ length: 50 }, () => givenListener(slow)))))
  prompt = await givenListener(other)
  endpoint.answerWith(({ path }, response) => {
    if (path.endsWith(prompt.bot_id)) response.end()
  })
  return async () => {
    endpoint.answerWith(status(200))
    await belfry.runJobs()
  }
})

const sent = () => {
  const bots = new Set([...hanging, prompt].map(({ bot_id }) => bot_id))
  return endpoint.received.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).filter((bot) => bots.has(bot))
}
/** How many events were sent before that of the other AWS account. */
const sentBefore = () => sent().indexOf(prompt.bot_id)
const isSent = () => sentBefore() >= 0

test('an event is delivered before those of 50 hanging endpoints of another AWS account that came earlier', async () => {
  await queue(...hanging, prompt)
  await expect.poll(isSent, { timeout: 50_000 }).toBe(true)
  expect(sentBefore()).toBeLessThan(hanging.length)
})

test('an event that is queued while those of another AWS account hang is delivered meanwhile', async () => {
  await queue(...hanging)
  await expect.poll(() => sent().length, { timeout: 50_000 }).toBeGreaterThan(0)
  await queue(prompt)
  await expect.poll(isSent, { timeout: 50_000 }).toBe(true)
  expect(sentBefore()).toBeLessThan(hanging.length)
})
