/** The quota of phone numbers per AWS account. */
import { expect, test } from 'vitest'
import { dayMs, useBelfry } from '../../../test/support/belfry.ts'
import { completeOrders, inventoryOf, order, refused } from '../../../test/support/given.ts'

const overQuota =
  '400 ResourceLimitExceededException ResourceLimitExceeded: The limit of 25 phone numbers per AWS account would be exceeded'

const { belfry } = await useBelfry({ PHONE_NUMBER_QUOTA: '25' })

/** A tenant with `count` numbers. */
async function givenOwner(count: number) {
  const owner = await belfry.tenant()
  const numbers = await belfry.stock(count)
  await order(owner, numbers)
  await completeOrders(belfry)
  return { owner, numbers }
}

test('the quota applies to each AWS account separately', async () => {
  const { owner } = await givenOwner(25)
  const [number = ''] = await belfry.stock(1)
  expect(await refused(order(owner, [number]))).toBe(overQuota)
  expect(await inventoryOf(owner)).toHaveLength(25)
  expect((await owner.chime.listPhoneNumberOrders()).PhoneNumberOrders).toHaveLength(1)
  const neighbour = await belfry.tenant()
  await order(neighbour, [number])
  expect(await inventoryOf(neighbour)).toEqual([number])
})

test('one order cannot exceed the quota', async () => {
  const owner = await belfry.tenant()
  const numbers = await belfry.stock(26)
  expect(await refused(order(owner, numbers))).toBe(overQuota)
  await order(owner, [...numbers.slice(0, 25), numbers[0] ?? ''])
  expect(await inventoryOf(owner)).toHaveLength(25)
})

test('concurrent orders cannot exceed the quota', async () => {
  const owner = await belfry.tenant()
  const batches = await Promise.all(Array.from({ length: 5 }, () => belfry.stock(10)))
  const outcomes = await Promise.allSettled(batches.map((numbers) => order(owner, numbers)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  expect(await inventoryOf(owner)).toHaveLength(20)
})

test('the quota counts numbers in the deletion queue until they are purged', async () => {
  const { owner, numbers } = await givenOwner(25)
  const [first] = numbers
  const [number = ''] = await belfry.stock(1)
  await owner.chime.deletePhoneNumber({ PhoneNumberId: first })
  expect(await refused(order(owner, [number]))).toBe(overQuota)
  await owner.chime.restorePhoneNumber({ PhoneNumberId: first })
  await owner.chime.deletePhoneNumber({ PhoneNumberId: first })
  belfry.advance(7 * dayMs)
  await belfry.runJobs()
  await order(owner, [number])
  expect(await inventoryOf(owner)).toHaveLength(25)
})

test('the quota does not count ordered numbers that were never in stock', async () => {
  const { owner } = await givenOwner(24)
  await order(owner, ['+12069999998'])
  await completeOrders(belfry)
  await order(owner, await belfry.stock(1))
  expect(await inventoryOf(owner)).toHaveLength(25)
})
