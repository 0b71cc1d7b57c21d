/** The phone numbers of the inventory and their holders. */
import type { Chime, PhoneNumber, PhoneNumberStatus } from '@aws-sdk/client-chime'
import { type Command, Option } from 'commander'
import { PhoneNumberStatus as Status } from '../../contract/shapes.ts'
import { showAssignments } from './assignments.ts'
import { CommandError, exitCodes } from '../output/exit.ts'
import { readLimit, readNumber, readTime } from '../output/flags.ts'
import { listAll } from './pages.ts'
import { withReport, withServer } from './with-server.ts'
import type { Report } from '../output/report.ts'
import { formatMembers, formatTable } from '../output/table.ts'

const sample = '+12065550100'
const holder = '--account 12a3456b-7c89-012d-3456-78901e23fg45 --user 1ab2345c-67de-8901-f23g-45h678901j2k'

export function addNumberCommands(cli: Command): void {
  const number = cli.command('number').description('The phone numbers of the inventory, and who holds them.')
  withReport<{ status?: PhoneNumberStatus; limit?: number }>(
    number
      .command('list')
      .description('Lists the numbers.')
      .addOption(new Option('--status <status>', 'in this state alone').choices(Status.options))
      .option('--limit <count>', 'at most so many', readLimit),
    'belfry number list --status Unassigned',
    async ({ chime }, _, { status: Status, limit }) =>
      showNumbers(
        await listAll(
          (page) => chime.listPhoneNumbers({ ...page, Status }),
          (it) => it.PhoneNumbers,
          limit,
        ),
      ),
  )
  addHistory(number)
  addAssignment(number)
}

function addHistory(number: Command) {
  withReport<{ limit?: number }>(
    number
      .command('history <number>')
      .description('Lists everybody who held a number, and when; oldest first.')
      .option('--limit <count>', 'at most so many', readLimit),
    `belfry number history ${sample}`,
    async ({ belfry }, [number = ''], { limit }) => {
      const PhoneNumberId = readNumber(number)
      const assignments = await listAll(
        (page) => belfry('ListPhoneNumberAssignments', { ...page, PhoneNumberId }),
        (answer) => answer.Assignments,
        limit,
      )
      return showAssignments(assignments)
    },
  )
  withReport<{ at?: string }>(
    number
      .command('holder <number>')
      .description('Shows who holds a number, or held it.')
      .option('--at <time>', 'at this time, instead of now', readTime),
    `belfry number holder ${sample} --at 2026-07-01T12:00:00Z`,
    async ({ belfry }, [number = ''], { at }) => {
      const document = await belfry('GetPhoneNumberHolder', { PhoneNumberId: readNumber(number), At: at })
      return { document, text: formatMembers(document.Assignment ?? {}) }
    },
  )
}

function addAssignment(number: Command) {
  withServer<Holder & { allowCalls?: true }>(
    number
      .command('assign <number>')
      .description('Gives a number to a user who has none.')
      .requiredOption('--account <account-id>', "the user's account")
      .requiredOption('--user <user-id>', 'who is to have it')
      .option('--allow-calls', 'and switch calls on, in and out'),
    `belfry number assign ${sample} ${holder} --allow-calls`,
    async ({ chime }, [number = ''], { account, user, allowCalls }) => {
      const holder = { AccountId: account, UserId: user }
      await chime.associatePhoneNumberWithUser({ ...holder, E164PhoneNumber: readNumber(number) })
      if (allowCalls) await switchCallsOn(chime, holder)
    },
  )
  withServer<Partial<Holder>>(
    number
      .command('unassign [number]')
      .description('Takes a number from whoever holds it: named by the number, or by --account and --user.')
      .option('--account <account-id>', "the user's account")
      .option('--user <user-id>', 'who has the number'),
    `belfry number unassign ${sample}`,
    async ({ chime }, [number], { account, user }) => {
      await chime.disassociatePhoneNumberFromUser(await requireHolder(chime, number, account, user))
    },
  )
}

interface Holder {
  account: string
  user: string
}

/** The API replaces all settings, so the one for messages is read and sent back unchanged. */
async function switchCallsOn(chime: Chime, user: { AccountId: string; UserId: string }) {
  const { UserSettings } = await chime.getUserSettings(user)
  const Telephony = { InboundCalling: true, OutboundCalling: true, SMS: UserSettings?.Telephony?.SMS ?? false }
  await chime.updateUserSettings({ ...user, UserSettings: { Telephony } })
}

async function requireHolder(chime: Chime, number?: string, AccountId?: string, UserId?: string) {
  if (number === undefined && AccountId !== undefined && UserId !== undefined) return { AccountId, UserId }
  if (number === undefined || AccountId !== undefined || UserId !== undefined)
    throw new CommandError(exitCodes.wrongUsage, 'Give either a number, or both --account and --user.')
  const { PhoneNumber } = await chime.getPhoneNumber({ PhoneNumberId: readNumber(number) })
  const found = { AccountId: associationOf(PhoneNumber, 'AccountId'), UserId: associationOf(PhoneNumber, 'UserId') }
  if (found.UserId === undefined) throw new CommandError(exitCodes.refused, `Nobody holds ${number}.`)
  return found
}

const associationOf = (number: PhoneNumber | undefined, name: 'AccountId' | 'UserId') =>
  number?.Associations?.find(({ Name }) => Name === name)?.Value

function showNumbers(PhoneNumbers: PhoneNumber[]): Report {
  const rows = PhoneNumbers.map((number) => [
    number.E164PhoneNumber,
    number.Status,
    number.ProductType,
    number.Type,
    number.Country,
    associationOf(number, 'AccountId'),
    associationOf(number, 'UserId'),
  ])
  const headers = ['NUMBER', 'STATUS', 'PRODUCT TYPE', 'TYPE', 'COUNTRY', 'ACCOUNT', 'USER']
  return { document: { PhoneNumbers }, text: formatTable(headers, rows) }
}
