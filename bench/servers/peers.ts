/** The servers that Belfry is compared with, in fixed versions. They are installed on their first run. */
import { type ChildProcess, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cores, freePort, launch, root, stop } from '../processes.ts'

export interface Peer {
  name: string
  label: string
  /** What it stores and checks, for a fair comparison. */
  about: string
  /** Name of the recipe for the rounds. */
  recipe: string
  /** Name of the recipe that runs once before all rounds. */
  setupRecipe?: string
  /** A peer without an npm package must be installed already. */
  npm?: { name: string; version: string; file: string }
  command?: { file: string; args: readonly string[]; probe: readonly string[] }
  args(port: number, folder: string): readonly string[]
}

export interface RunningPeer {
  peer: Peer
  url: string
  stop(): Promise<void>
}

export const peers: readonly Peer[] = [
  {
    name: 'dynalite 4.0.0',
    label: 'dynalite, PutItem',
    about: 'DynamoDB on LevelDB files, in JavaScript; it answers before its writes are synchronised to disk.',
    recipe: 'PutItem',
    setupRecipe: 'CreateTable',
    npm: { name: 'dynalite', version: '4.0.0', file: 'dynalite/cli.js' },
    args: (port, folder) => [
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--path',
      join(folder, 'dynalite'),
      '--createTableMs',
      '0',
    ],
  },
  {
    name: 'Azurite 3.35.0',
    label: 'Azurite, insert of a table entity',
    about: 'Azure Tables, in TypeScript; it keeps its data in memory and writes it to disk every few seconds.',
    recipe: 'insert entity',
    setupRecipe: 'create Azure table',
    npm: { name: 'azurite', version: '3.35.0', file: 'azurite/dist/src/table/main.js' },
    args: (port, folder) => [
      '--silent',
      '--disableTelemetry',
      '--location',
      join(folder, 'azurite'),
      '--tableHost',
      '127.0.0.1',
      '--tablePort',
      String(port),
    ],
  },
  {
    name: 'Prism 5.14.2',
    label: "Prism, GetUser mocked from Belfry's OpenAPI document",
    about: 'answers what a contract says, from no store and without looking at signatures.',
    recipe: 'mocked GetUser',
    npm: { name: '@stoplight/prism-cli', version: '5.14.2', file: '@stoplight/prism-cli/dist/index.js' },
    args: (port, folder) => [
      'mock',
      join(folder, 'openapi.json'),
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--verboseLevel',
      'silent',
    ],
  },
  {
    name: 'moto, as installed',
    label: 'moto server, DynamoDB PutItem',
    about: "AWS in Python's memory, on a development server; nothing is kept and signatures are not checked.",
    recipe: 'PutItem',
    setupRecipe: 'CreateTable',
    command: { file: 'python3', args: ['-m', 'moto.server'], probe: ['-c', 'import moto.server, flask'] },
    args: (port) => ['--host', '127.0.0.1', '--port', String(port)],
  },
]

const cache = join(root, 'node_modules/.cache/bench-peers')

/** Returns the running peer, or a sentence that says why it does not run. */
export async function startPeer(peer: Peer, folder: string): Promise<RunningPeer | string> {
  const command = peer.npm ? install(peer.npm) : findCommand(peer)
  if (command === undefined) return `${peer.name} was not run: it could not be installed, or was not found.`
  const port = await freePort()
  const [file = '', ...args] = [...command, ...peer.args(port, folder)]
  const child = launch(file, args, { core: cores.server, stdio: ['ignore', 'ignore', 'ignore'] })
  if (!(await isListening(child, port))) return `${peer.name} was not run: it did not start.`
  return { peer, url: `http://127.0.0.1:${port}`, stop: () => stop(child) }
}

function install({ name, version, file }: NonNullable<Peer['npm']>): string[] | undefined {
  const prefix = join(cache, `${name}-${version}`)
  const installed = [process.execPath, join(prefix, 'node_modules', file)]
  if (existsSync(join(prefix, 'node_modules', file))) return installed
  mkdirSync(prefix, { recursive: true })
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--no-save']
  const { status } = spawnSync('npm', ['install', '--prefix', prefix, ...flags, `${name}@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  return status === 0 ? installed : undefined
}

function findCommand({ command }: Peer): string[] | undefined {
  if (!command || spawnSync(command.file, command.probe).status !== 0) return undefined
  return [command.file, ...command.args]
}

const startTimeoutMs = 60_000

async function isListening(child: ChildProcess, port: number): Promise<boolean> {
  for (const until = performance.now() + startTimeoutMs; performance.now() < until; await sleep(100)) {
    if (child.exitCode !== null) return false
    if (await canConnect(port)) return true
  }
  return false
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return connected
}
