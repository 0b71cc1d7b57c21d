/** The journal is kept as long as the settings say. */
import { expect, test } from 'vitest'
import { type TestBelfry, type Tenant, dayMs, startBelfry } from '../../../test/support/belfry.ts'

const namesOf = async ({ database }: TestBelfry, { awsAccountId }: Tenant) => {
  const events = await database.read((db) =>
    db
      .selectFrom('journal')
      .select('request_parameters')
      .where('aws_account_id', '=', awsAccountId)
      .orderBy('event_id')
      .execute(),
  )
  return events.map(({ request_parameters }) => (JSON.parse(request_parameters) as { Name: string }).Name)
}

test('events are deleted after the days of the settings, in every AWS account', async () => {
  const belfry = await startBelfry({ JOURNAL_DAYS: '30' })
  const tenants = await Promise.all(Array.from({ length: 3 }, () => belfry.tenant()))
  for (const { chime } of tenants)
    await Promise.all(Array.from({ length: 250 }, () => chime.createAccount({ Name: 'old' })))
  belfry.advance(dayMs)
  for (const { chime } of tenants) await chime.createAccount({ Name: 'new' })
  belfry.advance(28 * dayMs)
  await belfry.runJobs()
  for (const tenant of tenants) expect(await namesOf(belfry, tenant)).toHaveLength(251)
  belfry.advance(1.5 * dayMs)
  await belfry.runJobs()
  for (const tenant of tenants) expect(await namesOf(belfry, tenant)).toEqual(['new'])
})

test('without the setting events are kept', async () => {
  const belfry = await startBelfry()
  const tenant = await belfry.tenant()
  await tenant.chime.createAccount({ Name: 'old' })
  belfry.advance(10_000 * dayMs)
  await belfry.runJobs()
  expect(await namesOf(belfry, tenant)).toEqual(['old'])
})
