import { Command } from 'commander'
import { addAccountCommands } from './remote/account.ts'
import { addCareCommands } from './local/backup-commands.ts'
import { exitCodeMeanings, exitCodes, explain } from './output/exit.ts'
import { withExample } from './output/flags.ts'
import { addJournalCommand } from './remote/journal.ts'
import { addDoctorCommand, addKeyCommands, addMigrateCommand, addServeCommand } from './local/key-commands.ts'
import { addNumberCommands } from './remote/number.ts'
import { addPolicyCommands } from './remote/policy.ts'
import { addPrincipalCommands } from './remote/principal.ts'
import { addStockCommands } from './remote/stock.ts'
import { addUserCommands } from './remote/user.ts'

export function createCli(): Command {
  const cli = new Command('belfry')
    .description('A self-hosted server for the Amazon Chime API (2018-05-01).')
    .addHelpText('after', describeSurroundings())
    .showHelpAfterError('(belfry --help tells what there is)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongUsage))
  addServeCommand(cli)
  addMigrateCommand(cli)
  addDoctorCommand(cli)
  addCareCommands(cli)
  addKeyCommands(cli)
  addAccountCommands(cli)
  addUserCommands(cli)
  addStockCommands(cli)
  addNumberCommands(cli)
  addJournalCommand(cli)
  addPrincipalCommands(cli)
  addPolicyCommands(cli)
  addDemoCommand(cli)
  return cli
}

function describeSurroundings(): string {
  const codes = Object.entries(exitCodeMeanings).map(([code, meaning]) => `  ${code}  ${meaning}`)
  return `
serve, migrate, doctor, verify, backup, restore and key work on the database itself; their settings are flags or BELFRY_*
variables. The others talk to a running server with the variables of AWS's own tools: AWS_ENDPOINT_URL_CHIME or
AWS_ENDPOINT_URL (http://127.0.0.1:8080 unless told), AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, and
AWS_REGION.

Exit codes:
${codes.join('\n')}`
}

function addDemoCommand(cli: Command) {
  const demo = cli
    .command('demo')
    .description('Tells the story of a phone number, with the official SDK, against a server of its own.')
    .action(() => explain(tellStory))
  withExample(demo, 'belfry demo')
}

/** The SDK is loaded for this command alone. */
async function tellStory() {
  const { runDemo } = await import('./demo/demo.ts')
  await runDemo()
}
