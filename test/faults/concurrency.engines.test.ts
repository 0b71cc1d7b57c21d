/** Many concurrent clients, whose recorded calls are checked against the final state. */
import { expect, test } from 'vitest'
import { startBelfry } from '../support/belfry.ts'
import { findFaults } from '../support/checker.ts'
import { isFullRun } from '../support/test-mode.ts'
import { readState } from '../support/final-state.ts'
import { prepareWorkload, runClient } from '../support/workload.ts'
import { createCallRecorder } from '../support/call-recorder.ts'

const clients = 64
const forMs = isFullRun ? 20_000 : 3_000

test(
  `the calls of ${clients} concurrent clients for ${forMs / 1000} s are consistent with the final state`,
  { timeout: 300_000 },
  async () => {
    const belfry = await startBelfry({ ORDER_DELAY_MS: '50' })
    const tenant = await belfry.tenant()
    const recorder = createCallRecorder()
    const workload = await prepareWorkload(recorder, belfry.url, tenant)
    const deadline = Date.now() + forMs
    await Promise.all(
      Array.from({ length: clients }, () => runClient(tenant.chime, workload, () => Date.now() > deadline)),
    )
    expect(recorder.calls.filter(({ outcome }) => outcome === 'unknown')).toEqual([])
    expect(recorder.calls.length).toBeGreaterThan(clients)
    expect(findFaults(recorder.calls, await readState(belfry.url, tenant))).toEqual([])
  },
)
