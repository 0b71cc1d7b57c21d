import { definitions } from '../../src/telemetry/metrics.ts'

export function metrics(): string {
  const rows = Object.values(definitions).map(
    ({ name, type, labelNames, help }) => `| \`${name}\` | ${type} | ${labelNames.join(', ')} | ${help} |`,
  )
  return `<!-- Written from src/telemetry/metrics.ts by npm run docs. -->

# Metrics

\`GET /metrics\` answers them in the text format of Prometheus. Nobody signs for it: whoever comes from a loopback address may read
them, or, where \`BELFRY_METRICS_TOKEN\` is set, whoever sends \`Authorization: Bearer <the token>\`, and nobody else. Behind a proxy on
the same machine everybody comes from a loopback address, so set the token there.

| metric | type | labels | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}

Requests that are turned away before they are read (too large, no HTTP, while the server shuts down) are not counted, nor are those
for \`/health\`, \`/ready\`, \`/openapi.json\` and \`/metrics\` itself. The count of phone numbers is made when it is asked for.

Besides, \`process_*\` and \`nodejs_*\` tell of the process: CPU, memory, open files, the event loop, garbage collection.
`
}
