import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, Section } from '../types.ts'
import { makeDatabase, removeDatabase } from '../databases.ts'
import { readMemory } from '../process-facts.ts'
import { startBelfry } from '../servers/belfry.ts'
import { median } from '../statistics.ts'

const idleMs = 2_000

export async function measureStart(bench: Bench): Promise<Section> {
  const file = await makeDatabase(bench, 'start', bench.sizes.large)
  const started: number[] = []
  const memory: number[] = []
  await startOnce(file, bench.folder) // The first start creates the administrator's key.
  for (let round = 0; round < bench.pace.rounds; round++) {
    const outcome = await startOnce(file, bench.folder)
    started.push(outcome.milliseconds)
    memory.push(outcome.memoryMiB)
  }
  removeDatabase(file)
  return {
    title: 'Start and idle memory',
    about: about(bench.sizes.large),
    rows: [
      { label: 'From the command to the ready line', unit: 'ms', values: started },
      { label: 'Resident memory when idle', unit: 'MiB', values: memory },
    ],
    goals: [
      { label: 'From the command to the ready line', value: median(started), atMost: 400, stretch: 250, unit: 'ms' },
      { label: 'Resident memory when idle', value: median(memory), atMost: 90, stretch: 75, unit: 'MiB' },
    ],
    notes: [],
  }
}

async function startOnce(file: string, folder: string) {
  const began = performance.now()
  const server = await startBelfry(`sqlite:${file}`, folder)
  const milliseconds = performance.now() - began
  await sleep(idleMs)
  const memoryMiB = readMemory(server.pid)
  await server.stop()
  return { milliseconds, memoryMiB }
}

const about = (count: number) =>
  `On a database of ${count.toLocaleString('en')} users and as many numbers; memory is read ${idleMs / 1000} seconds after the ready line.`
