import type { Check } from '../soak-samples.ts'
import { list, table } from './markdown.ts'

interface Soak {
  seconds: number
  lines: string[][]
  checks: readonly Check[]
  machine: readonly string[]
}

/** docs/soak.md */
export const soakPage = ({
  seconds,
  lines,
  checks,
  machine,
}: Soak): string => `<!-- Written by npm run soak -- --write. -->

# Soak

One server on SQLite under a constant mixed load of 64 connections, for ${seconds} seconds: does anything grow without bound? Each line is one of a dozen
moments. The database itself grows, for every change is kept in its journal.

${table(lines)}

${list(checks.map(({ text, passed }) => `${passed ? 'passed' : '**failed**'}: ${text}`))}

## The machine

Measured on ${new Date().toISOString().slice(0, 10)}.

${list(machine)}

## Again

\`\`\`sh
npm run soak                     # twenty minutes
npm run soak -- --seconds 60     # as in CI
npm run soak -- --write          # writes this page
\`\`\`
`
