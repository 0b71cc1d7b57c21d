import { notFound } from '../../contract/errors.ts'
import type { Answer } from '../../contract/operation.ts'
import { page } from '../../database/pagination.ts'
import type { Handlers } from '../operation.ts'
import { requireAccount } from '../accounts/store.ts'
import { readPhoneNumberId } from '../phone-numbers/rules.ts'
import type { Assignment, belfry } from './contract.ts'
import { type AssignmentRow, findAssignmentAt, findOpenAssignment, listAssignments } from './store.ts'

export const handlers = {
  async GetPhoneNumberHolder({ PhoneNumberId, At }, { db, caller }) {
    const phoneNumber = readPhoneNumberId(PhoneNumberId)
    const assignment = await (At === undefined
      ? findOpenAssignment(db, caller, phoneNumber)
      : findAssignmentAt(db, caller, phoneNumber, new Date(At).toISOString()))
    if (!assignment) throw notFound('Holder', PhoneNumberId)
    return { Assignment: toAssignment(assignment) }
  },

  /** Oldest first; also lists numbers that have been purged. */
  async ListPhoneNumberAssignments(input, { db, caller }) {
    const phone_number = readPhoneNumberId(input.PhoneNumberId)
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListPhoneNumberAssignments', caller.awsAccountId, phone_number],
      fetch: (request) => listAssignments(db, caller, { phone_number }, request),
      positionOf: ({ assignment_id }) => [assignment_id, ''],
    })
    return { Assignments: rows.map(toAssignment), NextToken: nextToken }
  },

  /** Oldest first; also lists deleted users. */
  async ListUserAssignments(input, { db, caller }) {
    const { account_id } = await requireAccount(db, caller, input.AccountId)
    const filter = { account_id, user_id: input.UserId }
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListUserAssignments', caller.awsAccountId, input.AccountId, input.UserId],
      fetch: (request) => listAssignments(db, caller, filter, request),
      positionOf: ({ assignment_id }) => [assignment_id, ''],
    })
    return { Assignments: rows.map(toAssignment), NextToken: nextToken }
  },
} satisfies Handlers<typeof belfry>

const toAssignment = (assignment: AssignmentRow): Answer<typeof Assignment> => ({
  E164PhoneNumber: assignment.phone_number,
  AccountId: assignment.account_id,
  UserId: assignment.user_id,
  AssignedTimestamp: assignment.assigned_at,
  AssignedBy: assignment.assigned_by,
  AssignRequestId: assignment.assign_request_id,
  UnassignedTimestamp: assignment.unassigned_at,
  UnassignedBy: assignment.unassigned_by,
  UnassignRequestId: assignment.unassign_request_id,
})
