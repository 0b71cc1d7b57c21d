/** Wraps `serve` in a trace, so that serving without traces costs nothing. */
import type { Database } from '../database/database.ts'
import type { RequestSpan, Traces } from '../telemetry/spans.ts'
import type { HttpAnswer } from '../wire/answer.ts'
import type { Request } from '../wire/request.ts'
import { lineOf, serve } from './serve.ts'
import type { Service } from './service.ts'

export async function serveTraced(request: Request, service: Service, traces: Traces): Promise<HttpAnswer> {
  const line = lineOf(request)
  const span = traces.begin(request)
  const answer = await serve(request, { ...service, database: traced(service.database, span) }, line)
  span.end(line, answer.status)
  return answer
}

const traced = (database: Database, span: RequestSpan): Database => ({
  ...database,
  write: (work, touches) => span.child('write', () => database.write(work, touches)),
  read: (work) => span.child('read', () => database.read(work)),
  scan: (work) => span.child('read', () => database.scan(work)),
})
