import { builtInPolicies } from '../domains/policies/builtin.ts'
import { type Policy, parsePolicy } from '../domains/policies/document.ts'
import { PolicyError } from '../domains/policies/reading.ts'

const keptAtMost = 1000

/** Parses policies, each document only once, however often its keys are read. */
export function createPolicyReader(): (policyName: string, document: string | null) => Policy {
  const kept = new Map<string, Policy>()
  return (policyName, document) => {
    const text = builtInPolicies.get(policyName) ?? document ?? ''
    const policy = kept.get(text) ?? readStored(text)
    if (kept.size >= keptAtMost) kept.clear()
    kept.set(text, policy)
    return policy
  }
}

/** A stored document that cannot be enforced must allow nothing. It may have meant to deny, so it denies. */
function readStored(document: string): Policy {
  try {
    return parsePolicy(document)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return [{ effect: 'Deny', speaksOf: () => true }]
  }
}
