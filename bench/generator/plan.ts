/** The messages to and from the load generator process. */

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
}

export interface Plan {
  url: string
  connections: number
  /** Duration of one slice. Each slice has its own outcome. */
  seconds: number
  slices: number
  /** Name of a recipe in recipes.ts. */
  recipe: string
  /** Number of items that requests can be about: users, numbers, table entries. */
  population: number
  /** Index of the first item. No item is used twice unless the recipe repeats. */
  from: number
  /** Number of items to sign requests for beforehand; 0 signs each request when it is sent. */
  presign: number
  /** Polls for answers without ever sleeping, which needs a core of its own. */
  busyPoll?: boolean
  credentials?: Credentials
  /** Page token, for recipes that list. */
  token?: string
}

export interface Outcome {
  perSecond: number
  /** Milliseconds from writing a request to reading the last byte of its answer. Absent if unknown. */
  p50?: number
  p99?: number
  /** Number of items used up. */
  used: number
  answered: number
  /** Answers other than 2xx, and broken connections. */
  failed: number
  /** One of the failures. */
  sample?: string
}
