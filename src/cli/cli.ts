import { Command } from 'commander'
import packageFile from '../../package.json' with { type: 'json' }
import { addDemoCommand } from './demo/demo-command.ts'
import { addBackupCommand, addRestoreCommand } from './local/backup-commands.ts'
import { addDoctorCommand } from './local/doctor-command.ts'
import { addKeyCommands } from './local/key-commands.ts'
import { addMigrateCommand } from './local/migrate-command.ts'
import { addServeCommand } from './local/serve-command.ts'
import { addVerifyCommand } from './local/verify-command.ts'
import { exitCodeMeanings, exitCodes } from './output/exit.ts'
import { addAccountCommands } from './remote/account.ts'
import { addJournalCommand } from './remote/journal.ts'
import { addNumberCommands } from './remote/number.ts'
import { addPolicyCommands } from './remote/policy.ts'
import { addPrincipalCommands } from './remote/principal.ts'
import { addStockCommands } from './remote/stock.ts'
import { addUserCommands } from './remote/user.ts'

export function createCli(): Command {
  const cli = new Command('belfry')
    .description('A self-hosted server for the Amazon Chime API (2018-05-01).')
    .version(packageFile.version, '--version', 'print the version')
    .addHelpText('after', describeSurroundings())
    .showHelpAfterError('(belfry --help tells what there is)')
    .enablePositionalOptions() // Options behind a command are its own.
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongUsage))
  addServeCommand(cli)
  addMigrateCommand(cli)
  addDoctorCommand(cli)
  addVerifyCommand(cli)
  addBackupCommand(cli)
  addRestoreCommand(cli)
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
