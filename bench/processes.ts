/** Starts servers and load generators, each pinned to one core if the machine allows it. */
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** Pinning needs two cores and `taskset`. */
export const cores = { server: 0, load: 1 }
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0

export interface Launch {
  core: number
  environment?: Record<string, string>
  stdio?: StdioOptions
}

const cleanEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(BELFRY|AWS)_/.test(name)),
)

const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** Run on SIGINT and SIGTERM, before the exit handler kills all children. */
export const gracefulShutdowns = new Set<() => Promise<void>>()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(
    signal,
    () => void Promise.all([...gracefulShutdowns].map((shutDown) => shutDown())).finally(() => process.exit(1)),
  )

/** Kills the child when this process exits. */
export function launch(command: string, args: readonly string[], { core, environment, stdio }: Launch): ChildProcess {
  const options = {
    cwd: root,
    env: { ...cleanEnvironment, ...environment },
    stdio: stdio ?? ['ignore', 'pipe', 'inherit'],
  }
  const child = canPin
    ? spawn('taskset', ['-c', String(core), command, ...args], options)
    : spawn(command, args, options)
  running.add(child)
  child.on('exit', () => running.delete(child))
  return child
}

export const launchNode = (args: readonly string[], options: Launch): ChildProcess =>
  launch(process.execPath, args, options)

export interface RunningServer {
  url: string
  pid: number
  stop(): Promise<void>
}

/** Starts one of this repository's servers and waits for its line `… ready URL`. */
export async function startServer(args: readonly string[], options: Launch): Promise<RunningServer> {
  const child = launchNode(args, { stdio: ['ignore', 'pipe', 'inherit'], ...options })
  const url = await new Promise<string>((resolve, reject) => {
    let printed = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const ready = / ready (http\S+)\n/.exec(printed)?.[1]
      if (ready !== undefined) resolve(ready)
    })
    child.on('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)))
  })
  child.on('exit', (code, signal) => {
    // A server that crashes makes the next round fail without saying which server it was.
    if (!child.killed) process.stderr.write(`${args.join(' ')} ended with ${signal ?? code}\n`)
  })
  return { url, pid: child.pid ?? 0, stop: () => stop(child) }
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
