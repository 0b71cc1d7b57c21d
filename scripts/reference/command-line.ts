/** The reference of the command line, written from its own help. */
import type { Command } from 'commander'
import { createCli } from '../../src/cli/cli.ts'

export function commandLine(): string {
  const cli = createCli()
  return `<!-- Written from src/cli/ by npm run docs. -->

# The command line

In a clone of the repository \`npm run belfry -- …\` is what \`belfry …\` is here.

${section(cli)}

${commandsOf(cli).map(section).join('\n\n')}
`
}

/** All runnable commands, in the order of the help. A group without options of its own only holds others. */
export const commandsOf = (command: Command): Command[] =>
  command.commands.flatMap((child) => [...(isRunnable(child) ? [child] : []), ...commandsOf(child)])

const isRunnable = ({ commands, options }: Command) => commands.length === 0 || options.length > 0

const section = (command: Command) => `## ${nameOf(command)}

\`\`\`text
${helpOf(command).trimEnd()}
\`\`\``

export const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name()

/** The output of `--help`, independent of the terminal. */
export function helpOf(command: Command): string {
  let help = ''
  command.configureOutput({
    writeOut: (text) => void (help += text),
    getOutHelpWidth: () => 120,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return help
}
