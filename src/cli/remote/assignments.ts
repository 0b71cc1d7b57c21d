import type { Answer } from '../../contract/operation.ts'
import type { Assignment } from '../../domains/assignments/contract.ts'
import type { Report } from '../output/report.ts'
import { formatTable } from '../output/table.ts'

/** Assignment intervals, one per line. */
export function showAssignments(Assignments: Answer<typeof Assignment>[]): Report {
  const rows = Assignments.map((it) => [
    it.E164PhoneNumber,
    it.AssignedTimestamp,
    it.UnassignedTimestamp,
    it.AccountId,
    it.UserId,
    it.AssignedBy,
    it.UnassignedBy,
  ])
  const headers = ['NUMBER', 'FROM', 'UNTIL', 'ACCOUNT', 'USER', 'GIVEN BY', 'TAKEN BY']
  return { document: { Assignments }, text: formatTable(headers, rows) }
}
