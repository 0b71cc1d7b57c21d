/** Takes requests in: decides by the head whether a body is read, and when it is whole whether there is room for it. */
import type { IncomingMessage } from 'node:http'
import { assertAcceptable, bodyLimit, hasBody, noBody, readBody } from './body.ts'
import type { BodyMemory } from './body-memory.ts'
import { endOfPollPhase } from './event-loop-barrier.ts'
import { isForWebhook } from './incoming-webhook.ts'
import type { LoadShedder } from './load-shedding.ts'
import { bodyDropped, findOverloadAnswer, overloaded } from './overload.ts'
import { type RespondOptions, renderRefusal } from './respond.ts'
import type { HttpAnswer } from '../wire/answer.ts'
import type { Request } from '../wire/request.ts'

export interface IntakeOptions extends RespondOptions {
  /** Whether the access key that a request names exists. */
  isKeyKnown(incoming: IncomingMessage): boolean | Promise<boolean>
  answer(request: Request): Promise<HttpAnswer>
  /** Answers by its head a request whose key is not known, or could not be looked up. */
  refuse(request: Request, failure?: unknown): Promise<HttpAnswer>
  /** Answers a post to the URL of a webhook, which is not signed. */
  answerWebhook(request: Request): Promise<HttpAnswer>
}

export interface Intake extends IntakeOptions {
  shedder: LoadShedder
  memory: BodyMemory
}

/** Room for a message of 4 KB in which every byte is escaped. */
const webhookBodyLimit = 32 * 1024

/** Never rejects. */
export async function take(incoming: IncomingMessage, id: string, intake: Intake): Promise<HttpAnswer> {
  try {
    return await (hasBody(incoming) ? takeWithBody(incoming, id, intake) : takeWhole(incoming, id, intake, noBody))
  } catch (error) {
    if (error === bodyDropped) intake.shedder.noteTurnedAway()
    return findOverloadAnswer(error) ?? renderRefusal(id, error, intake)
  }
}

/** While its body arrives a request is not in flight, because half-sent requests would keep the others out. */
async function takeWithBody(incoming: IncomingMessage, id: string, intake: Intake): Promise<HttpAnswer> {
  const isPost = isForWebhook(incoming.method, incoming.url)
  if (!intake.shedder.tryEnter()) throw overloaded
  try {
    assertAcceptable(incoming)
    const isToRead = isPost || intake.isKeyKnown(incoming)
    // Nothing is awaited in vain: a body that is read at once need not be buffered.
    const refusal =
      isToRead === true ? undefined : await refuseUnknown(isToRead, toRequest(incoming, id, noBody), intake)
    if (refusal) return refusal
  } finally {
    intake.shedder.leave()
  }
  const body = await readBody(incoming, isPost ? webhookBodyLimit : bodyLimit, intake.memory)
  return takeWhole(incoming, id, intake, body.bytes).finally(body.free)
}

/** Undefined if the key is known after all. */
async function refuseUnknown(isKnown: Promise<boolean> | false, request: Request, { refuse }: IntakeOptions) {
  try {
    if (await isKnown) return undefined
  } catch (failure) {
    return refuse(request, failure)
  }
  return refuse(request)
}

async function takeWhole(incoming: IncomingMessage, id: string, intake: Intake, body: Buffer): Promise<HttpAnswer> {
  const { shedder, answer, answerWebhook } = intake
  if (!shedder.tryEnter()) throw overloaded
  try {
    assertAcceptable(incoming)
    await endOfPollPhase()
    const request = toRequest(incoming, id, body)
    return await (isForWebhook(incoming.method, incoming.url) ? answerWebhook(request) : answer(request))
  } finally {
    shedder.leave()
  }
}

const toRequest = (incoming: IncomingMessage, id: string, body: Buffer): Request => ({
  id,
  method: incoming.method ?? '',
  target: incoming.url ?? '',
  headers: incoming.headersDistinct,
  body,
  sourceIp: incoming.socket.remoteAddress ?? null,
  secure: 'encrypted' in incoming.socket,
})
