// Runs a file of this project on a bare machine: installs the dependencies of the lock file, finds a recent enough
// Node.js, and runs the file with it. Written in old JavaScript, because it has to run on an old Node.js.
//   node scripts/run.mjs [--dev] FILE [ARGUMENT...]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const newEnough = 24
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cache = join(root, 'node_modules', '.cache')
const remembered = join(cache, 'belfry-node')

const [first, ...rest] = process.argv.slice(2)
const dev = first === '--dev'
install(dev)
run(findNode(), dev ? rest : [first, ...rest])

/** Does nothing if the installed packages match the lock file. */
function install(withDevelopment) {
  if (isInstalled(withDevelopment)) return
  process.stderr.write('Installing dependencies (only the first time)...\n')
  // Not `npm ci`: it refuses a lock file in which a package for some other platform is missing (npm/cli#9846).
  const { status } = npm([
    'install',
    '--no-save',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    ...(withDevelopment ? [] : ['--omit=dev']),
  ])
  if (status !== 0) fail('npm could not install the dependencies.')
}

function isInstalled(withDevelopment) {
  const made = join(root, 'node_modules', '.package-lock.json')
  const missing = withDevelopment && !existsSync(join(root, 'node_modules', 'vitest'))
  return existsSync(made) && !missing && statSync(made).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

/** The running Node.js, the one found earlier, or the one from npm. */
function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= newEnough) return process.execPath
  const known = existsSync(remembered) ? readFileSync(remembered, 'utf8') : ''
  if (known && existsSync(known)) return known
  process.stderr.write(`Getting Node.js ${newEnough} (only the first time)...\n`)
  const fetched = npm(['exec', '--yes', `--package=node@${newEnough}`, '--', 'node', '-p', 'process.execPath'], 'pipe')
  const path = fetched.stdout.trim().split('\n').pop()
  if (fetched.status !== 0 || !existsSync(path)) fail(`npm could not get Node.js ${newEnough}.`)
  mkdirSync(dirname(remembered), { recursive: true })
  writeFileSync(remembered, path)
  return path
}

function npm(args, stdout = 2) {
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  return spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
}

/** Forwards signals, so that a server can drain, and exits with the exit code of the child process. */
function run(node, [file, ...args]) {
  // The compile cache halves the time to start.
  const env = { NODE_COMPILE_CACHE: join(cache, 'compiled'), ...process.env }
  const child = spawn(node, [join(root, file), ...args], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.on('SIGUSR1', () => {}) // Without a listener it would open the debugger of this process.
  // npm exits on a signal without forwarding it, which shows as a change of the parent process.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref()
  child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code)))
}

function fail(message) {
  process.stderr.write(`belfry: ${message}\n`)
  process.exit(1)
}
