/** The journal of changes. */
import type { Command } from 'commander'
import type { Answer } from '../../contract/operation.ts'
import type { Event } from '../../domains/journal/contract.ts'
import { readLimit, readTime } from '../output/flags.ts'
import type { BelfryClient } from './client.ts'
import { eachItem } from './pages.ts'
import { withServer } from './with-server.ts'
import { type Report, addJson, print, printAll } from '../output/report.ts'
import { formatTable } from '../output/table.ts'

interface Filter {
  since?: string
  until?: string
  operation?: string
  resource?: string
  limit?: number
}

export function addJournalCommand(cli: Command): void {
  const journal = addFilter(
    cli.command('journal').description('Lists what was changed, when and by whom; oldest first.'),
  ).option('--cloudtrail', "print records as CloudTrail's files have them")
  const example = 'belfry journal --since 2026-07-01 --operation AssociatePhoneNumberWithUser --resource +12065550100'
  withServer<Filter & { cloudtrail?: true }>(addJson(journal), example, async ({ belfry }, _, flags) => {
    const events = eachEvent(belfry, flags)
    if (flags.cloudtrail) await printAll(recordsOf(events))
    else print(journal, showEvents(await Array.fromAsync(events)))
  })
  addExport(journal)
}

const addFilter = (command: Command): Command =>
  command
    .option('--since <time>', 'from this time on', readTime)
    .option('--until <time>', 'before this time', readTime)
    .option('--operation <name>', 'calls of this operation alone')
    .option('--resource <id>', 'about this account, user, phone number, … alone')
    .option('--limit <count>', 'at most so many', readLimit)

/** Positional, so that the options after `export` are its own. */
function addExport(journal: Command) {
  const command = journal.enablePositionalOptions().command('export <file>')
  command.description(
    'Writes the same to a new file, as JSON Lines: one event to a line, with members as the API names them.',
  )
  const example = 'belfry journal export journal-2026.jsonl --until 2027-01-01'
  withServer<Filter>(addFilter(command), example, async ({ belfry }, [file = ''], filter) => {
    const { writeNewFile } = await import('../output/new-file.ts')
    const count = await writeNewFile(file, linesOf(eachEvent(belfry, filter)))
    process.stdout.write(`Wrote ${count} events to ${file}.\n`)
  })
}

async function* linesOf(events: AsyncIterable<Answer<typeof Event>>): AsyncGenerator<string> {
  for await (const event of events) yield `${JSON.stringify(event)}\n`
}

const eachEvent = (belfry: BelfryClient, flags: Filter) => {
  const { since: StartTime, until: EndTime, operation: EventName, resource: ResourceId, limit } = flags
  return eachItem(
    (page) => belfry('ListEvents', { ...page, StartTime, EndTime, EventName, ResourceId }),
    (answer) => answer.Events,
    limit,
  )
}

/** One JSON document, in pieces: `{"Records":[…]}`. [documented] */
async function* recordsOf(events: AsyncIterable<Answer<typeof Event>>): AsyncGenerator<string> {
  let before = '{"Records":[\n'
  for await (const { CloudTrailEvent } of events) {
    // Parsed and serialised again, so that the output is valid JSON whatever the server returned.
    yield before + JSON.stringify(JSON.parse(CloudTrailEvent ?? 'null'))
    before = ',\n'
  }
  yield before === ',\n' ? '\n]}\n' : `${before}]}\n`
}

function showEvents(Events: Answer<typeof Event>[]): Report {
  const rows = Events.map((event) => [event.EventTime, event.EventName, event.Username, resourcesOf(event)])
  return { document: { Events }, text: formatTable(['TIME', 'OPERATION', 'WHO', 'ABOUT'], rows) }
}

const shownAtMost = 5

/** Truncated to keep the line short; `--json` has all of them. */
function resourcesOf({ Resources }: Answer<typeof Event>) {
  const all = (Resources ?? []).map(({ ResourceType, ResourceName }) => `${ResourceType} ${ResourceName}`)
  const more = all.length > shownAtMost ? [`and ${all.length - shownAtMost} more`] : []
  return [...all.slice(0, shownAtMost), ...more].join(', ')
}
