/** Runs the Belfry command line as a child process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export const root = join(import.meta.dirname, '../..')

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

interface Options {
  environment?: Record<string, string>
  cwd?: string
  /** Of the repository, with which Node.js is started. */
  scripts?: readonly string[]
  /** A file descriptor for standard error. By default, standard error is collected. */
  stderr?: number
  /** The same for standard output. */
  stdout?: number | undefined
}

const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(BELFRY|AWS|OTEL)_/.test(name)))

const children = new Set<ChildProcess>()

/** Kills every child process, as a crash of the machine would. */
export function killAll(): void {
  for (const child of children) child.kill('SIGKILL')
}

/** Does not wait for anything. */
export function launch(args: readonly string[], options: Options = {}): ChildProcess {
  const { environment = {}, cwd = root, scripts = ['src/main.ts'], stdout, stderr } = options
  const [script = '', ...others] = scripts
  const child = spawn(process.execPath, [join(root, script), ...others, ...args], {
    cwd,
    env: { ...clean, ...environment },
    stdio: ['ignore', stdout ?? 'pipe', stderr ?? 'pipe'],
  })
  children.add(child)
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Runs a command and waits until it exits. */
export async function runBelfry(args: readonly string[], options: Options = {}): Promise<Outcome> {
  const child = launch(args, options)
  const ended = once(child, 'exit') as Promise<[number | null]>
  const [stdout, stderr, [code]] = await Promise.all([collect(child.stdout), collect(child.stderr), ended])
  return { code, stdout, stderr }
}

const collect = async (stream: NodeJS.ReadableStream | null) => (stream ? text(stream) : '')

export interface Running {
  url: string
  pid: number
  /** Standard output so far. */
  printed(): string
  /** Sends all signals at once, waits until the process exits and returns its exit code. */
  end(...signals: NodeJS.Signals[]): Promise<number | null>
}

/** Starts a server and waits for its ready line. */
export async function startProcess(args: readonly string[], options: Options = {}): Promise<Running> {
  const child = launch(args, options)
  const ended = once(child, 'exit') as Promise<[number | null]>
  let [stdout, stderr] = ['', '']
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      const ready = /^belfry ready (\S+)\n/.exec(stdout)?.[1]
      if (ready !== undefined) resolve(ready)
    })
    child.on('exit', (code) => reject(new Error(`exit code ${code}: ${stderr}`)))
  })
  return {
    url,
    pid: child.pid ?? 0,
    printed: () => stdout,
    async end(...signals) {
      for (const signal of signals) child.kill(signal)
      const [code] = await ended
      return code
    },
  }
}
