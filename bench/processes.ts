/** Processes that are measured, or measure: each kept on one core, where the machine can do that. */
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** Servers run on one core and what puts load on them on another; without two cores and taskset nothing is pinned. */
export const cores = { server: 0, load: 1 }
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0

export interface Launch {
  core: number
  environment?: Record<string, string>
  stdio?: StdioOptions
}

const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(BELFRY|AWS)_/.test(name)))

const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** What has to be stopped gently when this process is told to stop. */
export const stoppedGently = new Set<() => Promise<void>>()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void Promise.all([...stoppedGently].map((end) => end())).finally(() => process.exit(1)))

/** Nothing that is launched here outlives this process. */
export function launch(command: string, args: readonly string[], { core, environment, stdio }: Launch): ChildProcess {
  const options = { cwd: root, env: { ...clean, ...environment }, stdio: stdio ?? ['ignore', 'pipe', 'inherit'] }
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

/** Starts a server of ours and waits for its line `… ready URL`. */
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
    // One that goes by itself makes the next round fail; this says which it was.
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
