/** Writes what the documentation takes from the code; with `--check` it only says whether that is fresh. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { settings } from '../src/config.ts'

const documents: Record<string, string> = {
  'docs/configuration.md': configuration(),
}

const root = join(import.meta.dirname, '..')
for (const [name, text] of Object.entries(documents)) {
  const file = join(root, name)
  if (!process.argv.includes('--check')) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) fail(`${name} is stale: run npm run docs`)
}

function configuration(): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const value = 'default' in setting ? `\`${setting.default}\`` : ''
    return `| \`BELFRY_${name}\` | ${value} | ${setting.meaning} |`
  })
  return `<!-- Written from src/config.ts by npm run docs. -->

# Settings

Each is an environment variable, or a flag of \`belfry serve\` (\`--order-delay-ms\` for \`BELFRY_ORDER_DELAY_MS\`), which wins.
The two secrets, \`BELFRY_ROOT_SECRET_ACCESS_KEY\` and \`BELFRY_SEALING_KEY\`, are taken from the environment alone.
A name that is not in this table is refused at start.

| setting | default | meaning |
| --- | --- | --- |
${rows.join('\n')}
`
}

function fail(message: string) {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}
