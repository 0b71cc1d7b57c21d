/** What the load generator is told, and what it answers. */

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
}

export interface Plan {
  url: string
  connections: number
  /** How long one slice lasts; each has an outcome of its own. */
  seconds: number
  slices: number
  /** What is asked: the name of a recipe in recipes.ts. */
  recipe: string
  /** Things there are to ask about: users, numbers, items. */
  population: number
  /** How many things were asked about before; none is asked about twice unless the recipe repeats. */
  from: number
  /** How many things to sign requests for beforehand; 0 signs each as it is sent. */
  prepare: number
  /** Whether the generator looks for answers without ever sleeping; it needs a core of its own for that. */
  awake?: boolean
  credentials?: Credentials
  /** What the recipe needs besides. */
  token?: string
}

export interface Outcome {
  perSecond: number
  /** Milliseconds from the last byte of a request written to the last byte of its answer read; absent where unknown. */
  p50?: number
  p99?: number
  /** Things of the population that were asked about. */
  used: number
  answered: number
  /** Answers that were not 2xx, and connections that broke. */
  failed: number
  /** One such answer, for whoever looks for the reason. */
  sample?: string
}
