import { sql } from 'kysely'
import { badRequest } from '../contract/errors.ts'
import { sha256 } from '../primitives/digest.ts'

export type Position = readonly [string, string]

export interface PageRequest {
  limit: number
  after: Position | undefined
}

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
}

/** Fetches one row more than the page holds. Throws `BadRequestException` for a token of another listing. */
export async function page<Row>(
  { MaxResults, NextToken }: PageInput,
  { defaultLimit, scope, fetch, positionOf }: Listing<Row>,
): Promise<Page<Row>> {
  const limit = MaxResults ?? defaultLimit
  const after = NextToken === undefined ? undefined : readToken(NextToken, scope)
  const rows = await fetch({ limit: limit + 1, after })
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { rows: rows.slice(0, limit), nextToken: last === undefined ? null : writeToken(positionOf(last), scope) }
}

export const isAfter = (first: string, second: string, position: Position) =>
  sql<boolean>`(${sql.ref(first)}, ${sql.ref(second)}) > (${sql.join(position)})`

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
