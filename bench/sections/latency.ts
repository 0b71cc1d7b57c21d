import type { Bench, Goal, Row, Section } from '../types.ts'
import { credentials } from '../data.ts'
import { makeDatabase, removeDatabase } from '../databases.ts'
import { diskLabel, diskSubject } from '../disk.ts'
import { type Subject, underLoad } from '../rounds.ts'
import { measureRows, requireRow } from '../rows.ts'
import { startBelfry } from '../servers/belfry.ts'

const label = {
  one: 'AssociatePhoneNumberWithUser, 1 connection',
  many: 'AssociatePhoneNumberWithUser, 64 connections',
}

export async function measureLatency(bench: Bench): Promise<Section> {
  const file = await makeDatabase(bench, 'latency', bench.sizes.usual)
  const belfry = await startBelfry(`sqlite:${file}`, bench.folder)
  const subject = (text: string, connections: number, half: number): Subject =>
    underLoad(text, bench.generator, {
      url: belfry.url,
      recipe: 'associate random',
      population: bench.sizes.usual,
      from: half * Math.floor(bench.sizes.usual / 2),
      connections,
      credentials,
    })
  const rows = await measureRows(bench, [
    diskSubject(bench.folder),
    subject(label.one, 1, 0),
    subject(label.many, 64, 1),
  ])
  await belfry.stop()
  removeDatabase(file)
  return { title: 'Latency', about, rows, goals: goals(rows), notes: notes(rows) }
}

const about = `How long a durable association takes, compared with writing and syncing one page. The p99 is the median of the p99 of each round.`

const steadyDiskMs = 5

function goals(rows: readonly Row[]): Goal[] {
  const { p50: disk = 0, p99: slowDisk = 0 } = requireRow(rows, diskLabel)
  const { p50: one = 0 } = requireRow(rows, label.one)
  const { p99: many = 0 } = requireRow(rows, label.many)
  const atOne: Goal = { label: `${label.one}: median`, value: one, atMost: 1.5 * disk + 1, unit: 'ms' }
  const atMany: Goal = { label: `${label.many}: p99`, value: many, atMost: 25, stretch: 15, unit: 'ms' }
  return slowDisk < steadyDiskMs ? [atOne, atMany] : [atOne]
}

function notes(rows: readonly Row[]): string[] {
  const { p99: slowDisk = 0 } = requireRow(rows, diskLabel)
  if (slowDisk < steadyDiskMs) return []
  return [`The goal for the p99 at 64 connections is for a disk whose own p99 is below ${steadyDiskMs} ms.`]
}
