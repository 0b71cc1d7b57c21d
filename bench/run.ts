/** Measures Belfry beside a floor and beside its peers; with `--write` what came out goes into docs/performance.md. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench, Section } from './types.ts'
import { startGenerator } from './generator/start.ts'
import { describeMachine } from './machine.ts'
import { cores, root, startServer } from './processes.ts'
import { page } from './report/performance-page.ts'
import { plot } from './report/plot.ts'
import { printed } from './report/terminal.ts'
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
  start: measureStart,
  postgres: measurePostgres,
  peers: measurePeers,
}

const full = {
  pace: { rounds: 5, seconds: 2, warmUpSeconds: 3 },
  sizes: { usual: 300_000, large: 1_000_000, small: 1_000 },
}
/** To see that everything runs; the figures mean little. */
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
  const bench = { ...(flags.quick ? quick : full), folder, floor, generator: startGenerator(), say }
  const done = await measureAll(bench)
  await Promise.all([floor.stop(), bench.generator.stop()])
  if (!flags.write) return
  const leftOut = Object.keys(sections).filter((name) => !flags.only.includes(name))
  writeFileSync(join(root, 'docs/performance.md'), page(done, bench.pace, machine, leftOut))
  writeFileSync(join(root, 'docs/performance.svg'), plot(done))
}

async function measureAll(bench: Bench): Promise<Section[]> {
  const done: Section[] = []
  for (const name of flags.only) {
    say(`${name}:`)
    const section = await sections[name]?.(bench)
    if (!section) continue
    say(printed(section))
    done.push(section)
  }
  return done
}

function say(text: string) {
  process.stdout.write(`${text}\n`)
}
