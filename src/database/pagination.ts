import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { badRequest } from '../contract/errors.ts'
import { sha256 } from '../primitives/digest.ts'

export type Position = readonly [string, string]

export interface Range {
  after: Position | undefined
  until?: Position | undefined
}

export interface PageRequest extends Range {
  limit: number
}

/** How many rows a transaction looks through at most: on SQLite all other requests wait for it. Tests lower it. */
export const scanBudget = { rows: 5000 }

export interface Page<Row> {
  rows: Row[]
  nextToken: string | null
}

interface PageInput {
  MaxResults?: number | undefined
  NextToken?: string | undefined
}

/** Everything a token is bound to: the operation, the AWS account, and every filter. */
export type Scope = readonly (string | undefined)[]

interface Listing<Row> {
  defaultLimit: number
  scope: Scope
  fetch: (request: PageRequest) => Promise<Row[]>
  positionOf: (row: Row) => Position
  /** For filters that no index serves: the last position that this page may look at. It may then have fewer rows, and a token. */
  findHorizon?: ((after: Position | undefined) => Promise<Position | undefined>) | undefined
}

/** Fetches one row more than the page holds. Throws `BadRequestException` for a token of another listing. */
export async function page<Row>(
  { MaxResults, NextToken }: PageInput,
  { defaultLimit, scope, fetch, positionOf, findHorizon }: Listing<Row>,
): Promise<Page<Row>> {
  const limit = MaxResults ?? defaultLimit
  const after = NextToken === undefined ? undefined : readToken(NextToken, scope)
  const until = await findHorizon?.(after)
  const rows = await fetch({ limit: limit + 1, after, until })
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const end = last === undefined ? until : positionOf(last)
  return { rows: rows.slice(0, limit), nextToken: end === undefined ? null : writeToken(end, scope) }
}

/** Where to stop looking. @param query finds the positions of all rows that there are to look through, in their order */
export async function horizonOf<Database, Table extends keyof Database>(
  query: SelectQueryBuilder<Database, Table, { first: string; second: string }>,
  rows = scanBudget.rows,
): Promise<Position | undefined> {
  const found = await query
    .limit(1)
    .offset(rows - 1)
    .execute()
  const [last] = found as { first: string; second: string }[]
  return last && [last.first, last.second]
}

type Expression = RawBuilder<unknown>

export const isAfter = (first: string | Expression, second: string, position: Position) =>
  sql<boolean>`(${expressionOf(first)}, ${sql.ref(second)}) > (${sql.join(position)})`

const isUntil = (first: string | Expression, second: string, position: Position) =>
  sql<boolean>`(${expressionOf(first)}, ${sql.ref(second)}) <= (${sql.join(position)})`

const expressionOf = (column: string | Expression) => (typeof column === 'string' ? sql.ref(column) : column)

export const isWithin = (first: string | Expression, second: string, { after, until }: Range) => [
  ...(after ? [isAfter(first, second, after)] : []),
  ...(until ? [isUntil(first, second, until)] : []),
]

const writeToken = (position: Position, scope: Scope) =>
  Buffer.from(JSON.stringify([checksum(position, scope), ...position])).toString('base64url')

function readToken(token: string, scope: Scope): Position {
  const [, first = '', second = ''] = decode(token)
  const position: Position = [first, second]
  // Base64 is decoded leniently, so the token is compared with the one that would be made.
  if (token !== writeToken(position, scope) || !position.every(isPlain))
    throw badRequest('NextToken is not valid for this request')
  return position
}

function decode(token: string): string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    return Array.isArray(value) ? value.map(String) : []
  } catch {
    return []
  }
}

/** Positions are times, ids and numbers; anything else must not reach the engine. */
const isPlain = (value: string) => /^[ -~]*$/.test(value)

const checksum = (position: Position, scope: Scope) =>
  Buffer.from(sha256(JSON.stringify([scope, position])), 'hex')
    .toString('base64url')
    .slice(0, 22)
