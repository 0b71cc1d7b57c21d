import type { Pace, Section } from '../types.ts'
import { cells, columns, goalCells, goalColumns } from './figures.ts'
import { list, table } from './markdown.ts'

/** docs/performance.md */
export function page(
  sections: readonly Section[],
  { rounds, seconds, warmUpSeconds }: Pace,
  machine: readonly string[],
  leftOut: readonly string[],
): string {
  const goals = sections.flatMap((section) => section.goals)
  return `<!-- Written by npm run bench -- --write. -->

# Performance

How fast Belfry is, as a ratio to the least a server in the same language can do: a bare \`node:http\` server that answers \`{}\`, measured
in the same run, on the same core, by the same load generator. Ratios depend on the machine as well, if less than requests per second: one
that runs small programs faster does not write to its disk, or search an index that is larger than its caches, faster by as much.

![Requests per second, as a ratio to the floor](performance.svg)

Each figure is the median of ${rounds} rounds of ${seconds} seconds, with the least and the most in parentheses. The rounds alternate between all that is
in one table, after one of ${warmUpSeconds} seconds that does not count. Ratios are taken round by round. How a server bears such a load for long is in [soak.md](soak.md).

## Goals

${table([goalColumns, ...goals.map(goalCells)])}

${sections.map(chapter).join('\n\n')}
${leftOut.length > 0 ? `\nLeft out of this run, as it was told: ${leftOut.join(', ')}.\n` : ''}
## The machine

Measured on ${new Date().toISOString().slice(0, 10)}.

${list(machine)}

## Again

\`\`\`sh
npm run bench                    # everything, on a quiet machine: about a quarter of an hour
npm run bench -- --only sqlite   # one table: sqlite, latency, pages, growth, start, postgres, peers
npm run bench -- --quick         # to see that everything runs; the figures mean little
npm run bench -- --write         # writes this page
\`\`\`

The load generator is a process of its own, writes to raw sockets, and has signed all requests of a round before the round begins. It sleeps
until an answer comes, as clients do, so whoever answers has to wake it. The databases are filled before the servers start. Peers are
installed by npm when they are asked for, in the versions named above.
`
}

const chapter = ({ title, about, rows, notes }: Section) =>
  [`## ${title}`, about, table([columns, ...rows.map(cells)]), ...(notes.length > 0 ? [list(notes)] : [])].join('\n\n')
