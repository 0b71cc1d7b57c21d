/** Users as holders of phone numbers. */
import type { Command } from 'commander'
import { showAssignments } from './assignments.ts'
import { readLimit } from '../output/flags.ts'
import { listAll } from './pages.ts'
import { withReport } from './with-server.ts'

export function addUserCommands(cli: Command): void {
  const user = cli.command('user').description('Users, as holders of numbers.')
  withReport<{ limit?: number }>(
    user
      .command('history <account-id> <user-id>')
      .description('Lists every number a user held, and when; oldest first.')
      .option('--limit <count>', 'at most so many', readLimit),
    'belfry user history 12a3456b-7c89-012d-3456-78901e23fg45 1ab2345c-67de-8901-f23g-45h678901j2k',
    async ({ belfry }, [AccountId = '', UserId = ''], { limit }) => {
      const assignments = await listAll(
        (page) => belfry('ListUserAssignments', { ...page, AccountId, UserId }),
        (answer) => answer.Assignments,
        limit,
      )
      return showAssignments(assignments)
    },
  )
}
