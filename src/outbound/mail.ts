/** Mail, handed to the server that the operator named. */
import { type Outbound, OutboundError } from '../domains/outbound.ts'

/** For all of it: a server that keeps talking is given up as well. */
const withinMs = 10_000

/** @param url `smtp://…` or `smtps://…`, user and password included where the server asks for them */
export function createMail(url: string, from: string): NonNullable<Outbound['mail']> {
  return async ({ to: address, ...message }) => {
    // An address is one address: as text it would be read as a list of them.
    const to = { name: '', address }
    const signal = AbortSignal.timeout(withinMs)
    const transport = await connect(url)
    await transport.sendMail({ from, to, ...message, signal }).catch(explain)
  }
}

/** The library is loaded for the first message: most servers send none. */
async function connect(url: string) {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    url,
    connectionTimeout: withinMs,
    greetingTimeout: withinMs,
    socketTimeout: withinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** A refusal of the 500s is final: the server will say the same the next time. */
function explain(error: unknown): never {
  const { responseCode = 0 } = error as { responseCode?: number }
  throw new OutboundError('did not take the message', { cause: error, isFinal: responseCode >= 500 })
}
