/** Writes a CycloneDX SBOM of the built program: itself and its production dependencies from the lock file. */
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

/** Replaces the name, because npm uses the name of the folder. */
function write({ metadata, ...sbom }: Sbom) {
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string }
  const named = { ...sbom, metadata: { ...metadata, component: { ...metadata.component, name } } }
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(join(root, 'dist/sbom.cdx.json'), `${JSON.stringify(named, null, 2)}\n`)
}
