/** Sends mail through the server of the settings. */
import { type Outbound, OutboundError } from '../domains/outbound.ts'

/** For the whole exchange, so that a server that keeps sending is cut off as well. */
const withinMs = 10_000

/** @param url `smtp://…` or `smtps://…`, with user and password if the server needs them */
export function createMail(url: string, from: string): NonNullable<Outbound['mail']> {
  return async ({ to: address, ...message }) => {
    // As plain text it would be parsed as a list of addresses.
    const to = { name: '', address }
    const signal = AbortSignal.timeout(withinMs)
    const transport = await connect(url)
    await transport.sendMail({ from, to, ...message, signal }).catch(explain)
  }
}

/** Loads the library with the first message, because most servers send none. */
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

/** A reply of the 500s is final: the server would refuse again. */
function explain(error: unknown): never {
  const { responseCode = 0 } = error as { responseCode?: number }
  throw new OutboundError('did not take the message', { cause: error, isFinal: responseCode >= 500 })
}
