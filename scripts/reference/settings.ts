import { environmentOnly, rangeOf, settings as all } from '../../src/config.ts'

export function settings(): string {
  const secrets = [...environmentOnly].map((name) => `\`BELFRY_${name}\``)
  const rows = Object.entries(all).map(([name, setting]) => {
    const value = 'default' in setting ? `\`${setting.default}\`` : ''
    return `| \`BELFRY_${name}\` | ${value} | ${(rangeOf(setting) ?? []).join(' to ')} | ${setting.meaning} |`
  })
  return `<!-- Written from src/config.ts by npm run docs. -->

# Settings

Each is an environment variable, or a flag of \`belfry serve\` (\`--order-delay-ms\` for \`BELFRY_ORDER_DELAY_MS\`), which wins.
What is or may hold a secret (${secrets.join(', ')}) is taken from the environment alone.
A name that is not in this table is refused at start.

| setting | default | range | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}
