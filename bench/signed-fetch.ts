import aws4 from 'aws4'
import type { Credentials } from './generator/plan.ts'

interface Call {
  method?: string
  path: string
  body?: object
}

/** Throws if the answer is not 2xx. */
export async function signedFetch(
  url: string,
  credentials: Credentials,
  { method = 'GET', path, body }: Call,
): Promise<unknown> {
  const content = body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
  const request = { service: 'chime', region: 'us-east-1', method, host: new URL(url).host, path, ...content }
  const { headers = {} } = aws4.sign(request, credentials)
  const { Host: _, ...sent } = headers
  const init = { method, headers: sent as Record<string, string>, ...(content && { body: content.body }) }
  const answer = await fetch(url + path, init)
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
