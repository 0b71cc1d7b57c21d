export interface HttpAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  /** JSON, or empty if the status allows no body. */
  body: string
}
