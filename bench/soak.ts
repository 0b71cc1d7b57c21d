/** Soak test: puts a mixed load on one server for a long time, and fails if a resource grows without bound. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { credentials } from './data.ts'
import { makeDatabase } from './databases.ts'
import { startGenerator } from './generator/start.ts'
import { describeMachine } from './machine.ts'
import { root } from './processes.ts'
import { figure } from './report/figures.ts'
import { table } from './report/terminal.ts'
import { soakPage } from './report/soak-page.ts'
import { startBelfry } from './servers/belfry.ts'
import { type Sample, judge, takeSample } from './soak-samples.ts'

const population = 20_000

const { values: flags } = parseArgs({
  options: { seconds: { type: 'string', default: '1200' }, write: { type: 'boolean', default: false } },
})
const seconds = Number(flags.seconds)
if (!(seconds >= 10)) {
  process.stderr.write('soak: --seconds must be 10 or more\n')
  process.exit(2)
}
const machine = describeMachine()
const samples = await soak()
const rows = summarise(samples)
process.stdout.write(`\n${table(rows)}\n`)
const checks = judge(samples)
for (const { text, passed } of checks) process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${text}\n`)
const failed = checks.filter(({ passed }) => !passed).length
process.stdout.write(`${checks.length - failed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0
if (flags.write) writeFileSync(join(root, 'docs/soak.md'), soakPage({ seconds, rows, checks, machine }))

async function soak(): Promise<Sample[]> {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'soak-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = await makeDatabase({ folder, print: () => {} }, 'soak', population)
  const belfry = await startBelfry(`sqlite:${file}`, folder)
  const generator = startGenerator()
  const slice = Math.min(5, seconds / 20)
  const plan = { url: belfry.url, recipe: 'mixed', population, connections: 64, from: 0, presign: 0, credentials }
  const taken: Sample[] = []
  for await (const outcome of generator.watch({ ...plan, seconds: slice, slices: Math.round(seconds / slice) }))
    taken.push(takeSample(belfry.pid, file, outcome))
  await Promise.all([generator.stop(), belfry.stop()])
  return taken
}

/** About a dozen rows, whatever the duration. */
function summarise(samples: readonly Sample[]): string[][] {
  const every = Math.ceil(samples.length / 12)
  const shown = samples.filter((_, index) => index % every === every - 1 || index === samples.length - 1)
  const head = ['requests/s', 'p50 ms', 'p99 ms', 'memory MiB', 'descriptors', 'WAL MiB', 'database MiB']
  return [head, ...shown.map(cells)]
}

function cells({ perSecond, p50 = 0, p99 = 0, memory, descriptors, wal, database }: Sample): string[] {
  return [perSecond, p50, p99, memory, descriptors, wal, database].map((value) => figure(value))
}
