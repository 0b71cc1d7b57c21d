/**
 * What is asked of a document when it is set: that the server would enforce all it says. Stored documents are read
 * without these checks, so that those of earlier versions keep their meaning.
 */
import { listStatements, parsePolicy } from './document.ts'
import { type FindOperations, allOperations, createFinder } from './named-operations.ts'
import { checkResources } from './named-resources.ts'
import { PolicyError, type Place, isObject, readTexts } from './reading.ts'
import { findRepeatedMember } from './repeated-members.ts'

/** Throws `PolicyError`. @param awsAccountId whose policy it will be */
export function checkPolicy(text: string, awsAccountId: string): void {
  parsePolicy(text)
  const repeated = findRepeatedMember(text)
  if (repeated !== undefined) throw new PolicyError(repeated, 'this member is there twice, and only one would count')
  const find = createFinder()
  for (const [statement, place] of listStatements(text))
    if (isObject(statement)) checkStatement(statement, place, { find, awsAccountId })
}

type Statement = Readonly<Record<string, unknown>>

function checkStatement(
  statement: Statement,
  place: Place,
  { find, awsAccountId }: { find: FindOperations; awsAccountId: string },
) {
  const named = 'Action' in statement ? readActions(statement, place, find) : readOthers(statement, place, find)
  checkResources(statement, place, { named, awsAccountId })
}

function readActions({ Action }: Statement, place: Place, find: FindOperations) {
  const at = `${place}.Action`
  return [...new Set(readTexts(Action, at))].map((action) => ({ action, operations: find(action, at) }))
}

/** All operations but those of `NotAction`. */
function readOthers({ NotAction }: Statement, place: Place, find: FindOperations) {
  const at = `${place}.NotAction`
  const excluded = new Set([...new Set(readTexts(NotAction, at))].flatMap((action) => find(action, at)))
  const operations = allOperations.filter((operation) => !excluded.has(operation))
  if (operations.length === 0) throw new PolicyError(at, 'it leaves no action, so that the statement would never hold')
  return [{ action: 'what NotAction leaves', operations }]
}
