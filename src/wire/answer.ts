export interface HttpAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  /** JSON; empty where the status allows no body. */
  body: string
}
