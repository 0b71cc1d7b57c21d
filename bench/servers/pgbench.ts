/** PostgreSQL's own benchmark, if it is installed. */
import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { canPin, cores } from '../processes.ts'
import type { Measurement, Subject } from '../rounds.ts'

const run = promisify(execFile)
/** The size of Belfry's pool. */
const clients = 16
const scale = 5

/** Returns one subject, or none and a note that says why. */
export async function findPgbench(serverUrl: string): Promise<{ subjects: Subject[]; notes: string[] }> {
  const { stdout, status } = spawnSync('pgbench', ['--version'], { encoding: 'utf8' })
  if (status !== 0) return { subjects: [], notes: ['pgbench was not run: it is not installed.'] }
  const url = await prepare(serverUrl)
  const label = `pgbench, simple-update, ${clients} connections`
  return {
    subjects: [{ label, unit: 'transactions/s', run: (seconds) => measure(url, seconds) }],
    notes: [`${stdout.trim()}, scale ${scale}: two updates, an insert and a select in each transaction, without HTTP.`],
  }
}

async function prepare(serverUrl: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  await client.query('create database pgbench')
  await client.end()
  const url = serverUrl.replace(/[^/]*$/, 'pgbench')
  await run('pgbench', ['--initialize', '--quiet', `--scale=${scale}`, url])
  return url
}

async function measure(url: string, seconds: number): Promise<Measurement> {
  const flags = ['--skip-some-updates', '--no-vacuum', `--client=${clients}`, `--time=${Math.ceil(seconds)}`, url]
  const [file = '', ...args] = [...(canPin ? ['taskset', '-c', String(cores.load)] : []), 'pgbench', ...flags]
  const { stdout } = await run(file, args)
  return { perSecond: Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]) }
}
