/** Access to the metrics, which is not by signature. */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIPv6 } from 'node:net'
import { ServiceError } from '../contract/errors.ts'
import { isSecretOf, sha256 } from '../primitives/digest.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { HttpAnswer } from '../wire/answer.ts'

/** Throws `AccessDeniedException` unless the peer sends the token or, if none is set, is on this machine and no proxy. */
export async function answerScrape(
  incoming: IncomingMessage,
  metrics: Metrics,
  token: string | undefined,
): Promise<HttpAnswer> {
  assertMayScrape(incoming, token)
  const { contentType, body } = await metrics.render()
  return { status: 200, headers: { 'Content-Type': contentType }, body }
}

function assertMayScrape({ headers, socket }: IncomingMessage, token: string | undefined) {
  const may =
    token === undefined
      ? isLoopback(socket.remoteAddress ?? '') && !forwarding.some((name) => name in headers)
      : isSecretOf(sha256(`Bearer ${token}`), headers.authorization ?? '')
  if (!may) throw new ServiceError('AccessDeniedException', 'The metrics are not for everybody')
}

/** Proxies add one of these, so behind a proxy on this machine a peer need not be on it. */
const forwarding = ['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const isLoopback = (address: string) => loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
