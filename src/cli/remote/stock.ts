/** The phone numbers that can be ordered. */
import type { Command } from 'commander'
import { CommandError, exitCodes } from '../output/exit.ts'
import { readLimit, readNumber } from '../output/flags.ts'
import { listAll } from './pages.ts'
import { withReport } from './with-server.ts'
import { formatTable } from '../output/table.ts'

export function addStockCommands(cli: Command): void {
  const stock = cli.command('stock').description('The phone numbers that can be ordered.')
  addAddition(stock)
  withReport<{ country?: string; limit?: number }>(
    stock
      .command('list')
      .description('Counts the numbers by country, type and area code.')
      .option('--country <code>', 'of this country alone, as US')
      .option('--limit <count>', 'at most so many lines', readLimit),
    'belfry stock list --country US',
    async ({ belfry }, _, { country, limit }) => {
      const StockRanges = await listAll(
        (page) => belfry('ListStock', { ...page, Country: country }),
        (answer) => answer.StockRanges,
        limit,
      )
      const rows = StockRanges.map((it) => [it.Country, it.Type, it.AreaCode, it.Total, it.Available])
      const headers = ['COUNTRY', 'TYPE', 'AREA CODE', 'TOTAL', 'AVAILABLE']
      return { document: { StockRanges }, text: formatTable(headers, rows) }
    },
  )
  withReport(
    stock.command('withdraw <number...>').description('Takes numbers out that nobody has.'),
    'belfry stock withdraw +12065550100',
    async ({ belfry }, numbers) => {
      const document = await belfry('WithdrawStock', { E164PhoneNumbers: numbers.map(readNumber) })
      return { document, text: `Withdrew ${document.Withdrawn}; ${document.Skipped} were not there, or taken.` }
    },
  )
}

function addAddition(stock: Command) {
  withReport<AddFlags>(
    stock
      .command('add [number...]')
      .description('Adds numbers: those named, or a whole range.')
      .option('--from <number>', 'the first number of a range')
      .option('--to <number>', 'the last number of it')
      .option('--city <name>', 'where they are')
      .option('--state <code>', 'in which state'),
    'belfry stock add --from +12065550100 --to +12065550199 --city Seattle --state WA',
    async ({ belfry }, numbers, { city, state, ...range }) => {
      const document = await belfry('AddStock', { ...readAdded(numbers, range), City: city, State: state })
      return { document, text: `Added ${document.Added}; ${document.Skipped} were there already.` }
    },
  )
}

interface AddFlags extends Range {
  city?: string
  state?: string
}

interface Range {
  from?: string
  to?: string
}

function readAdded(numbers: string[], { from, to }: Range) {
  const named = numbers.length > 0
  if (named && from === undefined && to === undefined) return { E164PhoneNumbers: numbers.map(readNumber) }
  if (named || from === undefined || to === undefined)
    throw new CommandError(exitCodes.wrongUsage, 'Give either numbers, or both --from and --to.')
  return { FirstE164PhoneNumber: readNumber(from), LastE164PhoneNumber: readNumber(to) }
}
