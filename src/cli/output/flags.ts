/** Flags and arguments shared by several commands. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Config, type SettingName, readConfig, settings, environmentOnly } from '../../config.ts'
import { e164In } from '../../domains/phone-numbers/rules.ts'
import { CommandError, exitCodes } from './exit.ts'

const allSettings = Object.keys(settings) as SettingName[]

/** Adds `--request-timeout-ms` for `BELFRY_REQUEST_TIMEOUT_MS` and so on. Secrets are read only from the environment. */
export function addSettings(command: Command, names: readonly SettingName[] = allSettings): Command {
  for (const name of names.filter((name) => !environmentOnly.has(name)))
    command.addOption(new Option(`--${name.toLowerCase().replaceAll('_', '-')} <value>`, settings[name].meaning))
  return command
}

/** The settings from the environment and from the flags that `addSettings` added. Throws `ConfigError`. */
export const configOf = (
  flags: Readonly<Record<string, string>>,
  names: readonly SettingName[] = allSettings,
): Config => readConfig(process.env, Object.fromEntries(names.flatMap((name) => valueOf(name, flags[toFlag(name)]))))

const valueOf = (name: SettingName, value: string | undefined) => (value === undefined ? [] : [[name, value] as const])
const toFlag = (name: SettingName) => name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

export const withExample = (command: Command, example: string): Command =>
  command.addHelpText('after', `\nExample:\n  ${example}`)

const limitAtMost = 1_000_000

/** For `--limit`. */
export function readLimit(text: string): number {
  const limit = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > limitAtMost) throw new InvalidArgumentError(`It must be from 1 to ${limitAtMost}.`)
  return limit
}

/** For `--duration-seconds`, with the limits of AWS's session tokens. */
export function readDuration(text: string): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (seconds < 900 || seconds > 129_600) throw new InvalidArgumentError('It must be from 900 to 129600.')
  return seconds
}

/** For options that take a date or a time; UTC by default. */
export function readTime(text: string): string {
  const [, date, time = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const instant = new Date(`${date}${time}${zone}`)
  if (Number.isNaN(instant.getTime()))
    throw new InvalidArgumentError('It must be a date or a time, as 2026-07-01 or 2026-07-01T12:00:00Z.')
  return instant.toISOString()
}

/** Converts a phone number in any spelling that the API accepts to E.164. */
export function readNumber(text: string): string {
  const number = e164In(text)
  if (number === undefined)
    throw new CommandError(exitCodes.wrongUsage, `${text} is not a phone number in E.164, as +12065550100.`)
  return number
}
