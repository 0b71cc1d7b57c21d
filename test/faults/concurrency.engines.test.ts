/** Many clients at once, and then a witness who remembers what each was told. */
import { expect, test } from 'vitest'
import { startBelfry } from '../support/belfry.ts'
import { findFaults } from '../support/checker.ts'
import { isFull } from '../support/test-mode.ts'
import { readState } from '../support/final-state.ts'
import { act, setStage } from '../support/workload.ts'
import { createWitness } from '../support/call-recorder.ts'

const clients = 64
const forMs = isFull ? 20_000 : 3_000

test(
  `${clients} clients for ${forMs / 1000} s: what they were told is what is stored`,
  { timeout: 300_000 },
  async () => {
    const belfry = await startBelfry({ ORDER_DELAY_MS: '50' })
    const tenant = await belfry.tenant()
    const witness = createWitness()
    const stage = await setStage(witness, belfry.url, tenant)
    const deadline = Date.now() + forMs
    await Promise.all(Array.from({ length: clients }, () => act(tenant.chime, stage, () => Date.now() > deadline)))
    expect(witness.calls.filter(({ outcome }) => outcome === 'unknown')).toEqual([])
    expect(witness.calls.length).toBeGreaterThan(clients)
    expect(findFaults(witness.calls, await readState(belfry.url, tenant))).toEqual([])
  },
)
