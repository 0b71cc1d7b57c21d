import type { Answer } from '../../contract/operation.ts'
import { page } from '../../database/pagination.ts'
import type { Handlers } from '../operation.ts'
import { keepingPoliciesShort } from '../principals/policy-length.ts'
import { isAttached } from '../principals/store.ts'
import { builtInPolicies } from './builtin.ts'
import type { Policy, belfry } from './contract.ts'
import { assertDetached, assertEnforceable, assertOwn } from './rules.ts'
import { type PolicyRow, deletePolicy, listPolicies, putPolicy, requirePolicy } from './store.ts'

export const handlers = {
  async PutPolicy({ PolicyName, PolicyDocument }, context) {
    const { db, caller, now } = context
    assertOwn(PolicyName)
    assertEnforceable(PolicyDocument, caller.awsAccountId)
    const policy = { aws_account_id: caller.awsAccountId, policy_name: PolicyName, document: PolicyDocument }
    await keepingPoliciesShort(context, { policyName: PolicyName }, () =>
      putPolicy(db, { ...policy, created_at: now, updated_at: now }),
    )
    return { Policy: toPolicy(await requirePolicy(db, caller, PolicyName)) }
  },

  async GetPolicy({ PolicyName }, { db, caller }) {
    const builtIn = builtInPolicies.get(PolicyName)
    if (builtIn !== undefined) return { Policy: toBuiltIn(PolicyName, builtIn) }
    return { Policy: toPolicy(await requirePolicy(db, caller, PolicyName)) }
  },

  async ListPolicies(input, { db, caller }) {
    const { rows, nextToken } = await page(input, {
      defaultLimit: 99,
      scope: ['ListPolicies', caller.awsAccountId],
      fetch: (request) => listPolicies(db, caller, request),
      positionOf: ({ policy_name }) => [policy_name, ''],
    })
    const builtIn = input.NextToken === undefined ? [...builtInPolicies] : []
    const all = [...builtIn.map(([name, document]) => toBuiltIn(name, document)), ...rows.map(toPolicy)]
    return { Policies: all, NextToken: nextToken }
  },

  async DeletePolicy({ PolicyName }, { db, caller }) {
    assertOwn(PolicyName)
    const policy = await requirePolicy(db, caller, PolicyName)
    assertDetached(PolicyName, await isAttached(db, policy))
    await deletePolicy(db, policy)
    return {}
  },
} satisfies Handlers<typeof belfry>

const toPolicy = (policy: PolicyRow): Answer<typeof Policy> => ({
  PolicyName: policy.policy_name,
  PolicyDocument: policy.document,
  BuiltIn: false,
  CreatedTimestamp: policy.created_at,
  UpdatedTimestamp: policy.updated_at,
})

const toBuiltIn = (PolicyName: string, PolicyDocument: string): Answer<typeof Policy> => ({
  PolicyName,
  PolicyDocument,
  BuiltIn: true,
  CreatedTimestamp: null,
  UpdatedTimestamp: null,
})
