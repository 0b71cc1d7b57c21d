/** A local HTTPS endpoint for the events of bots, with a self-signed certificate. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { generate } from 'selfsigned'
import { afterTests } from './clean-up.ts'

export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  json: Record<string, unknown>
}

type Answer = (request: Received, response: ServerResponse) => void

export interface Endpoint {
  url: string
  port: number
  /** The certificate authority that verifies its certificate. */
  caFile: string
  /** The requests received, without challenges. */
  received: Received[]
  /** Sets the response to all requests but challenges. */
  answerWith(answer: Answer): void
  /** Sets the response to challenges; undefined repeats the challenge, which is the correct response. */
  meetChallengeWith(answer: Answer | undefined): void
}

export const status =
  (code: number): Answer =>
  (_, response) =>
    response.writeHead(code).end()

const repeatChallenge: Answer = ({ json }, response) => response.end(JSON.stringify({ Challenge: json['Challenge'] }))

/** Starts the endpoint, which is closed after the tests of the file. */
export async function startEndpoint(): Promise<Endpoint> {
  const certificate = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  })
  const received: Received[] = []
  let [answer, challenge]: [Answer, Answer | undefined] = [status(200), undefined]
  const take = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(incoming)
    if (request.json['EventType'] === 'HTTPSEndpointVerification')
      return (challenge ?? repeatChallenge)(request, response)
    received.push(request)
    return answer(request, response)
  }
  const credentials = { key: certificate.private, cert: certificate.cert }
  const server = createServer(credentials, (incoming, response) => void take(incoming, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterTests(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return {
    url: `https://localhost:${port}/bot`,
    port,
    caFile: writeTemporary(certificate.cert),
    received,
    answerWith: (next) => void (answer = next),
    meetChallengeWith: (next) => void (challenge = next),
  }
}

/** Settings of a server that may call the endpoint and trusts its certificate. */
export const trusting = ({ caFile }: Endpoint) => ({ WEBHOOK_ALLOW: 'localhost', WEBHOOK_CA_FILE: caFile })

async function readRequest(incoming: IncomingMessage): Promise<Received> {
  const { method = '', url: path = '', headers } = incoming
  const body = await text(incoming)
  return { method, path, headers, body, json: JSON.parse(body) as Record<string, unknown> }
}

function writeTemporary(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-endpoint-'))
  afterTests(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'ca.pem')
  writeFileSync(file, content)
  return file
}
