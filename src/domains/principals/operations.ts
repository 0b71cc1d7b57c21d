import type { Answer } from '../../contract/operation.ts'
import { page } from '../../database/pagination.ts'
import type { Db } from '../../database/transaction.ts'
import type { Handlers } from '../operation.ts'
import { keepingAdministrator } from '../access-keys/administrators.ts'
import { deleteKeysOf } from '../access-keys/store.ts'
import { administratorAccess } from '../policies/builtin.ts'
import { requirePolicy } from '../policies/store.ts'
import type { Principal, belfry } from './contract.ts'
import { keepingPoliciesShort } from './policy-length.ts'
import { arnOf, assertAttachable, assertAttached, assertNew, isBuiltIn } from './rules.ts'
import {
  type PrincipalRow,
  attachPolicy,
  deletePrincipal,
  detachPolicies,
  findPrincipal,
  insertPrincipal,
  listAttached,
  listPrincipals,
  requirePrincipal,
} from './store.ts'

export const handlers = {
  async CreatePrincipal({ PrincipalName, PrincipalType }, { db, caller, now }) {
    assertNew(await findPrincipal(db, caller, PrincipalName), `The principal ${PrincipalName}`)
    const principal = {
      aws_account_id: caller.awsAccountId,
      principal_name: PrincipalName,
      principal_type: PrincipalType,
      created_at: now,
    }
    await insertPrincipal(db, principal)
    if (PrincipalType === 'Administrator') await attachPolicy(db, principal, administratorAccess, now)
    return { Principal: await toPrincipal(db, principal) }
  },

  async GetPrincipal({ PrincipalName }, { db, caller }) {
    return { Principal: await toPrincipal(db, await requirePrincipal(db, caller, PrincipalName)) }
  },

  async ListPrincipals(input, { db, caller }) {
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListPrincipals', caller.awsAccountId],
      fetch: (request) => listPrincipals(db, caller, request),
      positionOf: ({ principal_name }) => [principal_name, ''],
    })
    return { Principals: await Promise.all(rows.map((row) => toPrincipal(db, row))), NextToken: nextToken }
  },

  async DeletePrincipal({ PrincipalName }, context) {
    const { db, caller } = context
    const principal = await requirePrincipal(db, caller, PrincipalName)
    await keepingAdministrator(context, async () => {
      await deleteKeysOf(db, principal)
      await deletePrincipal(db, principal)
    })
    return {}
  },

  async AttachPolicy({ PrincipalName, PolicyName }, context) {
    const { db, caller, now } = context
    const principal = await requirePrincipal(db, caller, PrincipalName)
    if (!isBuiltIn(PolicyName)) await requirePolicy(db, caller, PolicyName)
    assertAttachable(await listAttached(db, principal), PolicyName)
    await keepingPoliciesShort(context, { policyName: PolicyName, principalName: PrincipalName }, () =>
      attachPolicy(db, principal, PolicyName, now),
    )
    return {}
  },

  async DetachPolicy({ PrincipalName, PolicyName }, context) {
    const { db, caller } = context
    const principal = await requirePrincipal(db, caller, PrincipalName)
    assertAttached(await listAttached(db, principal), PolicyName)
    await keepingAdministrator(context, () => detachPolicies(db, principal, PolicyName))
    return {}
  },
} satisfies Handlers<typeof belfry>

const toPrincipal = async (db: Db, principal: PrincipalRow): Promise<Answer<typeof Principal>> => ({
  PrincipalName: principal.principal_name,
  PrincipalArn: arnOf(principal.aws_account_id, principal.principal_name),
  PrincipalType: principal.principal_type,
  PolicyNames: await listAttached(db, principal),
  CreatedTimestamp: principal.created_at,
})
