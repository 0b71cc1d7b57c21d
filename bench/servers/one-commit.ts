/** The same steps before a plain store: prepared statements, and one commit for each request. */
import { oneCommitEach } from './one-commit-store.ts'
import { serveAssociations } from './steps.ts'

serveAssociations('one-commit', oneCommitEach(process.argv[2] ?? ''))
