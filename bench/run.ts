/** Benchmarks Belfry against the floor and its peers; `--write` writes the results to docs/performance.md. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench, Section } from './types.ts'
import { startGenerator } from './generator/start.ts'
import { describeMachine } from './machine.ts'
import { cores, root, startServer } from './processes.ts'
import { performancePage } from './report/performance-page.ts'
import { plot } from './report/plot.ts'
import { renderSection } from './report/terminal.ts'
import { measureFairness } from './sections/fairness.ts'
import { measureGrowth } from './sections/growth.ts'
import { measureLatency } from './sections/latency.ts'
import { measurePages } from './sections/pages.ts'
import { measurePeers } from './sections/peers.ts'
import { measurePostgres } from './sections/postgres.ts'
import { measureSqlite } from './sections/sqlite.ts'
import { measureStart } from './sections/start.ts'

const sections: Readonly<Record<string, (bench: Bench) => Promise<Section>>> = {
  sqlite: measureSqlite,
  latency: measureLatency,
  pages: measurePages,
  growth: measureGrowth,
  fairness: measureFairness,
  start: measureStart,
  postgres: measurePostgres,
  peers: measurePeers,
}

const full = {
  pace: { rounds: 5, seconds: 2, warmUpSeconds: 3 },
  sizes: { usual: 300_000, large: 1_000_000, small: 1_000 },
}
/** Checks that everything runs; the figures mean little. */
const quick = {
  pace: { rounds: 2, seconds: 0.3, warmUpSeconds: 0.3 },
  sizes: { usual: 10_000, large: 10_000, small: 1_000 },
}

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: Object.keys(sections) },
  },
})
const unknown = flags.only.find((name) => !sections[name])
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no ${unknown}; there are ${Object.keys(sections).join(', ')}\n`)
  process.exit(2)
}
await run()

async function run() {
  const machine = describeMachine()
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const floor = await startServer([join(root, 'bench/servers/floor.ts')], { core: cores.server })
  const bench = { ...(flags.quick ? quick : full), folder, floor, generator: startGenerator(), print }
  const results = await measureAll(bench)
  await Promise.all([floor.stop(), bench.generator.stop()])
  if (!flags.write) return
  const skipped = Object.keys(sections).filter((name) => !flags.only.includes(name))
  writeFileSync(join(root, 'docs/performance.md'), performancePage(results, bench.pace, machine, skipped))
  writeFileSync(join(root, 'docs/performance.svg'), plot(results))
}

async function measureAll(bench: Bench): Promise<Section[]> {
  const results: Section[] = []
  for (const name of flags.only) {
    print(`${name}:`)
    const section = await sections[name]?.(bench)
    if (!section) continue
    print(renderSection(section))
    results.push(section)
  }
  return results
}

function print(text: string) {
  process.stdout.write(`${text}\n`)
}
