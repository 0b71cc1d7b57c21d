import type { Bench, Goal, Row, Section } from '../types.ts'
import { credentials } from '../data.ts'
import { makeDatabase, removeDatabase } from '../databases.ts'
import { type RunningServer } from '../processes.ts'
import { type Subject, underLoad } from '../rounds.ts'
import { measureRows, ratioBetween } from '../rows.ts'
import { startBelfry } from '../servers/belfry.ts'

type Size = 'small' | 'large'

export async function measureGrowth(bench: Bench): Promise<Section> {
  const files = {
    small: await makeDatabase(bench, 'growth-small', bench.sizes.small),
    large: await makeDatabase(bench, 'growth-large', bench.sizes.large),
  }
  const servers = {
    small: await startBelfry(`sqlite:${files.small}`, bench.folder),
    large: await startBelfry(`sqlite:${files.large}`, bench.folder),
  }
  const rows = await measureRows(bench, subjects(bench, servers))
  await Promise.all(Object.values(servers).map((server) => server.stop()))
  Object.values(files).forEach(removeDatabase)
  return { title: 'Growth', about, rows, goals: goals(bench, rows), notes: [] }
}

const writes = 'Associate and disassociate, random'

const subjects = (bench: Bench, servers: Record<Size, RunningServer>): Subject[] =>
  (['small', 'large'] as const).flatMap((size) => {
    const load = { url: servers[size].url, population: bench.sizes[size], credentials }
    return [
      underLoad(labelOf(bench, writes, size), bench.generator, { ...load, recipe: 'associate and disassociate' }),
      underLoad(labelOf(bench, 'GetUser', size), bench.generator, { ...load, recipe: 'GetUser' }),
    ]
  })

const labelOf = ({ sizes }: Bench, text: string, size: Size) => `${text}, ${sizes[size].toLocaleString('en')} users`

const about = `The same load on a small and on a large database. Each connection associates a number with a user and disassociates it again.`

const goals = (bench: Bench, rows: readonly Row[]): Goal[] =>
  [writes, 'GetUser'].map((text) => ({
    label: `${text}: large relative to small`,
    value: ratioBetween(rows, labelOf(bench, text, 'large'), labelOf(bench, text, 'small')),
    atLeast: 0.6,
    stretch: 0.8,
    unit: '×',
  }))
