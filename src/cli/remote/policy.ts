/** The policies of principals. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { CommandError, exitCodes } from '../output/exit.ts'
import { readLimit } from '../output/flags.ts'
import { listAll } from './pages.ts'
import { withReport, withServer } from './with-server.ts'
import { formatTable } from '../output/table.ts'

export function addPolicyCommands(cli: Command): void {
  const policy = cli.command('policy').description('IAM policies, which principals are given.')
  withReport<{ limit?: number }>(
    policy.command('list').description('Lists the policies.').option('--limit <count>', 'at most so many', readLimit),
    'belfry policy list',
    async ({ belfry }, _, { limit = Infinity }) => {
      const all = await listAll(
        (page) => belfry('ListPolicies', page),
        (answer) => answer.Policies,
        limit,
      )
      const Policies = all.slice(0, limit)
      const rows = Policies.map((it) => [it.PolicyName, it.BuiltIn ? 'built in' : 'own', it.UpdatedTimestamp])
      return { document: { Policies }, text: formatTable(['POLICY', 'KIND', 'UPDATED'], rows) }
    },
  )
  withReport(
    policy.command('show <policy>').description('Shows the document of a policy.'),
    'belfry policy show AmazonChimeReadOnly',
    async ({ belfry }, [PolicyName = '']) => {
      const { Policy } = await belfry('GetPolicy', { PolicyName })
      return { document: { Policy }, text: Policy?.PolicyDocument ?? '' }
    },
  )
  withServer(
    policy.command('put <policy> <file>').description('Makes a policy, or gives it another document.'),
    'belfry policy put associate-only policy.json',
    ({ belfry }, [PolicyName = '', file = '']) => belfry('PutPolicy', { PolicyName, PolicyDocument: read(file) }),
  )
  withServer(
    policy.command('delete <policy>').description('Deletes a policy that no principal has.'),
    'belfry policy delete associate-only',
    ({ belfry }, [PolicyName = '']) => belfry('DeletePolicy', { PolicyName }),
  )
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandError(exitCodes.wrongUsage, `The file cannot be read: ${(error as Error).message}.`)
  }
}
