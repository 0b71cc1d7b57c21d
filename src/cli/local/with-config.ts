/** Gives a command an action that is run with the settings, for commands that work on the database itself. */
import type { Command } from 'commander'
import type { Config, SettingName } from '../../config.ts'
import { explain } from '../output/exit.ts'
import { addSettings, configOf, withExample } from '../output/flags.ts'

/** The settings that lead to the database and its secrets. */
export const storeSettings: readonly SettingName[] = ['DATABASE', 'SEALING_KEY_FILE', 'AWS_ACCOUNT_ID']

/**
 * Actions import their implementation at run time, because loading it takes longer than the whole command line.
 * @param names the settings the command takes; all by default
 */
export function withConfig(
  command: Command,
  example: string,
  names: readonly SettingName[] | undefined,
  action: (config: Config) => Promise<void>,
): void {
  withExample(addSettings(command, names), example).action(() => explain(() => action(configOf(command.opts(), names))))
}
