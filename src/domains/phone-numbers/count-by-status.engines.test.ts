import { expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import { givenAssigned, givenNumbers } from '../../../test/support/given.ts'
import { withScanBudget } from '../../../test/support/scan-budget.ts'
import { countByStatus } from './count-by-status.ts'

const { belfry, tenant } = await useBelfry()

test('numbers are counted by status, however few are counted at a time', async () => {
  const stranger = await belfry.tenant()
  await givenAssigned(belfry, tenant)
  await givenAssigned(belfry, stranger)
  const [queued = '', ...others] = await givenNumbers(belfry, stranger, 4)
  await stranger.chime.deletePhoneNumber({ PhoneNumberId: queued })
  const expected = { Assigned: 2, Unassigned: others.length, ReleaseInProgress: 1 }
  for (const rows of [1, 2, 3, 6, 7])
    expect(await withScanBudget(rows, () => countByStatus(belfry.database.scan)), `${rows}`).toEqual(expected)
})
