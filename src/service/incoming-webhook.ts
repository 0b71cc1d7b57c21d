/** Posts to webhooks. They are not signed: the URL is the secret, so it must never reach the log. */
import { badRequest } from '../contract/errors.ts'
import { receivePost } from '../domains/webhooks/incoming.ts'
import type { RequestLine } from '../telemetry/request-line.ts'
import { logFault, logRequest } from '../telemetry/request-log.ts'
import { parseDocument, readAddress } from './parse.ts'
import { renderError } from './render.ts'
import type { HttpAnswer } from '../wire/answer.ts'
import { type Request, originForm } from '../wire/request.ts'
import type { Service } from './service.ts'

const form = /^\/incomingwebhooks\/([\w-]{1,64})$/

/** Whether a request goes to a webhook, by its method and target. */
export const isForWebhook = (method = '', target = ''): boolean =>
  method === 'POST' && originForm(target).startsWith('/incomingwebhooks/')

/** Answers a post; never throws. Writes one line to the log. */
export async function serveWebhook(request: Request, { database, clock, log }: Service): Promise<HttpAnswer> {
  const started = performance.now()
  const line: RequestLine = { requestId: request.id, operation: 'PostIncomingWebhook' }
  const answer = await receive(request, database, clock).catch((error: unknown) => {
    line.error = logFault(log, request.id, error)
    return renderError(error)
  })
  logRequest(log, line, answer.status, performance.now() - started)
  return answer
}

async function receive(request: Request, database: Service['database'], clock: Service['clock']): Promise<HttpAnswer> {
  const { path, query } = readAddress(request)
  const [token = '', ...more] = query.get('token') ?? []
  if (more.length > 0) throw badRequest("Query parameter 'token' was sent more than once")
  const post = {
    urlId: form.exec(path)?.[1] ?? '',
    token,
    document: request.body.length === 0 ? {} : parseDocument(request.body),
    requestId: request.id,
    sourceIp: request.sourceIp,
  }
  const result = await database.write((db) => receivePost(db, post, clock().toISOString()))
  return { status: 200, headers: {}, body: JSON.stringify(result) }
}
