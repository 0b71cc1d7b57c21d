/** Checks that no production dependency has an install script or a known vulnerability. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

interface Lock {
  packages: Record<string, { dev?: boolean; hasInstallScript?: boolean }>
}

interface Audit {
  metadata?: { vulnerabilities: { total: number } }
  message?: string
}

for (const fault of [...findInstallScripts(), ...findVulnerabilities()]) {
  process.stderr.write(`${fault}\n`)
  process.exitCode = 1
}

function findInstallScripts(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
  const found = Object.entries(packages).filter(([, { dev, hasInstallScript }]) => hasInstallScript && !dev)
  return found.map(([name]) => `${name} runs a script when it is installed`)
}

/** A registry without audit support is reported, but is not a failure. */
function findVulnerabilities(): string[] {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const { metadata, message } = readAudit(stdout)
  if (!metadata) process.stdout.write(`npm audit has no answer: ${message ?? 'nothing came'}\n`)
  return metadata && metadata.vulnerabilities.total > 0 ? [stdout] : []
}

function readAudit(text: string): Audit {
  try {
    return JSON.parse(text) as Audit
  } catch {
    return {}
  }
}
