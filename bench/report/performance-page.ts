import type { Pace, Section } from '../types.ts'
import { cells, columns, goalCells, goalColumns } from './figures.ts'
import { list, table } from './markdown.ts'

/** docs/performance.md */
export function performancePage(
  sections: readonly Section[],
  { rounds, seconds, warmUpSeconds }: Pace,
  machine: readonly string[],
  skipped: readonly string[],
): string {
  const goals = sections.flatMap((section) => section.goals)
  return `<!-- Written by npm run bench -- --write. -->

# Performance

How fast Belfry is, as a ratio to the floor. The floor is the least that a server in the same language can do: a bare \`node:http\` server that
answers \`{}\`, measured in the same run, on the same core, by the same load generator. Ratios depend on the machine as well, although less than
requests per second do. A machine that runs small programs faster does not write to its disk, or search an index that is larger than its
caches, faster by the same factor.

![Requests per second, as a ratio to the floor](performance.svg)

Each figure is the median of ${rounds} rounds of ${seconds} seconds, with the minimum and the maximum in parentheses. The rounds alternate between
the subjects of a table, after an uncounted warm-up round of ${warmUpSeconds} seconds. Ratios are taken round by round. How a server behaves under such a load for a
long time is in [soak.md](soak.md).

## Goals

${table([goalColumns, ...goals.map(goalCells)])}

${sections.map(chapter).join('\n\n')}
${skipped.length > 0 ? `\nSkipped in this run: ${skipped.join(', ')}.\n` : ''}
## The machine

Measured on ${new Date().toISOString().slice(0, 10)}.

${list(machine)}

## Running it again

\`\`\`sh
npm run bench                    # everything; takes about a quarter of an hour on a quiet machine
npm run bench -- --only sqlite   # one table: sqlite, latency, pages, growth, fairness, start, postgres, peers
npm run bench -- --quick         # checks that everything runs; the figures mean little
npm run bench -- --write         # writes this page
\`\`\`

The load generator is a process of its own, writes to raw sockets, and has signed all requests of a round before the round begins. It sleeps
until an answer comes, as clients do, so the server has to wake it. The databases are filled before the servers start. Peers are installed by
npm on their first run, in the versions named above.
`
}

const chapter = ({ title, about, rows, notes }: Section) =>
  [`## ${title}`, about, table([columns, ...rows.map(cells)]), ...(notes.length > 0 ? [list(notes)] : [])].join('\n\n')
