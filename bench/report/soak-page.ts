import type { Check } from '../soak-samples.ts'
import { list, table } from './markdown.ts'

interface Soak {
  seconds: number
  rows: string[][]
  checks: readonly Check[]
  machine: readonly string[]
}

/** docs/soak.md */
export const soakPage = ({
  seconds,
  rows,
  checks,
  machine,
}: Soak): string => `<!-- Written by npm run soak -- --write. -->

# Soak

One server on SQLite under a constant mixed load of 64 connections, for ${seconds} seconds: does anything grow without bound? Each row is one of about
a dozen samples. The database itself grows, because every change is kept in its journal.

${table(rows)}

${list(checks.map(({ text, passed }) => `${passed ? 'passed' : '**failed**'}: ${text}`))}

## The machine

Measured on ${new Date().toISOString().slice(0, 10)}.

${list(machine)}

## Running it again

\`\`\`sh
npm run soak                     # twenty minutes
npm run soak -- --seconds 60     # as in CI
npm run soak -- --write          # writes this page
\`\`\`
`
