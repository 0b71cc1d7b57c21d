/** Finds the operation a request names: by method, path, and the literals in its query. */
import { badRequest } from '../contract/errors.ts'
import type { Contract, HttpBinding } from '../contract/operation.ts'
import { unknownOperation } from './unknown-operation.ts'

export interface Route<Name extends string> {
  name: Name
  /** Input members from the path, decoded. */
  labels: Record<string, string>
}

/** Query parameters by name, decoded, in wire order. */
export type Query = ReadonlyMap<string, readonly string[]>

/** The path is still encoded, so that `%2F` stays inside its segment. */
interface Address {
  method: string
  path: string
  query: Query
}

export type Router<Name extends string> = (address: Address) => Route<Name>

/** Throws `UnknownOperationException`, also for an `operation=` that no binding of the path has. */
export function createRouter<C extends Contract>(contracts: C): Router<keyof C & string> {
  const entries = Object.entries(contracts).map(([name, { binding }]) => ({ name: name as keyof C & string, binding }))
  // A literal beats a label, and a binding with a query literal beats its plain sibling.
  const sorted = entries.toSorted((a, b) => specificity(b.binding) - specificity(a.binding))
  const byForm = Map.groupBy(sorted, ({ binding }) => form(binding.method, binding.segments))
  return ({ method, path, query }) => {
    const plainPath = withoutPrefix(path)
    const segments = plainPath.split('/').slice(1)
    const best = byForm.get(form(method, segments))?.find(({ binding }) => fits(binding, segments, query))
    if (!best || isStray(best.binding, query)) throw unknownOperation(method, plainPath, query.get('operation')?.[0])
    return { name: best.name, labels: readLabels(best.binding, segments) }
  }
}

/** Endpoints ended in `/console` before 2020, and programs still have it in their configuration. */
const withoutPrefix = (path: string) => path.replace(/^\/console(?=\/)/, '')

const form = (method: string, segments: readonly unknown[]) => `${method} ${segments.length}`

/** @param actual as many segments as the binding has */
function fits({ segments, queryLiterals }: HttpBinding, actual: readonly string[], query: Query) {
  return (
    segments.every((segment, index) => typeof segment !== 'string' || segment === actual[index]) &&
    Object.entries(queryLiterals).every(([name, value]) => query.get(name)?.every((it) => it === value))
  )
}

const specificity = ({ segments, queryLiterals }: HttpBinding) =>
  segments.filter((segment) => typeof segment === 'string').length * 10 + Object.keys(queryLiterals).length

/** REST-JSON ignores unknown parameters, so a misspelt `operation=` would become a plain update and do nothing. */
const isStray = ({ queryLiterals }: HttpBinding, query: Query) =>
  query.has('operation') && queryLiterals['operation'] === undefined

function readLabels({ segments }: HttpBinding, actual: readonly string[]) {
  const labels: Record<string, string> = {}
  for (const [index, segment] of segments.entries())
    if (typeof segment !== 'string') labels[segment.label] = decodeLabel(actual[index] ?? '')
  return labels
}

function decodeLabel(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    throw badRequest('The path of the request is not valid percent-encoded UTF-8')
  }
}
