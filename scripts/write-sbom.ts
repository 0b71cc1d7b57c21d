/** Writes what the built program is made of, as CycloneDX: itself and its production dependencies, as the lock file has them. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

interface Sbom {
  metadata: { component: { name: string } }
}

const flags = ['--package-lock-only', '--omit=dev', '--sbom-format=cyclonedx', '--sbom-type=application']
const { status, stdout } = spawnSync('npm', ['sbom', ...flags], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  stdio: ['ignore', 'pipe', 'inherit'],
  shell: process.platform === 'win32',
})
if (status === 0) write(JSON.parse(stdout) as Sbom)
else process.exitCode = 1

/** npm takes the name of the folder for that of the program. */
function write({ metadata, ...sbom }: Sbom) {
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string }
  const named = { ...sbom, metadata: { ...metadata, component: { ...metadata.component, name } } }
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(join(root, 'dist/sbom.cdx.json'), `${JSON.stringify(named, null, 2)}\n`)
}
