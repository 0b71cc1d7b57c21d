/** What was changed, by whom. */
import type { Command } from 'commander'
import type { Answer } from '../contract/operation.ts'
import type { Event } from '../domains/journal/contract.ts'
import { readLimit, readTime } from './flags.ts'
import { listAll } from './pages.ts'
import { asks } from './remote.ts'
import type { Report } from './report.ts'
import { formatTable } from './table.ts'

interface Flags {
  since?: string
  until?: string
  operation?: string
  resource?: string
  limit?: number
}

export function addJournalCommand(cli: Command): void {
  asks<Flags>(
    cli
      .command('journal')
      .description('Lists what was changed, when and by whom; oldest first.')
      .option('--since <time>', 'from this time on', readTime)
      .option('--until <time>', 'before this time', readTime)
      .option('--operation <name>', 'calls of this operation alone')
      .option('--resource <id>', 'about this account, user, phone number, … alone')
      .option('--limit <count>', 'at most so many', readLimit),
    'belfry journal --since 2026-07-01 --operation AssociatePhoneNumberWithUser --resource +12065550100',
    async ({ belfry }, _, { since: StartTime, until: EndTime, operation: EventName, resource: ResourceId, limit }) =>
      showEvents(
        await listAll(
          (page) => belfry('ListEvents', { ...page, StartTime, EndTime, EventName, ResourceId }),
          (answer) => answer.Events,
          limit,
        ),
      ),
  )
}

function showEvents(Events: Answer<typeof Event>[]): Report {
  const rows = Events.map((event) => [event.EventTime, event.EventName, event.Username, resourcesOf(event)])
  return { document: { Events }, text: formatTable(['TIME', 'OPERATION', 'WHO', 'ABOUT'], rows) }
}

const shownAtMost = 5

/** Without what would make the line endless; `--json` has all of them. */
function resourcesOf({ Resources }: Answer<typeof Event>) {
  const all = (Resources ?? []).map(({ ResourceType, ResourceName }) => `${ResourceType} ${ResourceName}`)
  const more = all.length > shownAtMost ? [`and ${all.length - shownAtMost} more`] : []
  return [...all.slice(0, shownAtMost), ...more].join(', ')
}
