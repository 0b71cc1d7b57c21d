import type { Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Certificate } from './tls.ts'

/** An import would read every export of `node:http`, which loads the client behind `fetch`. */
const { createServer } = process.getBuiltinModule('node:http')

export interface ListenerOptions {
  /** Given one, the server speaks HTTPS. */
  certificate?: Certificate | undefined
  headersTimeoutMs: number
  requestTimeoutMs: number
}

export interface Listener {
  server: Server
  /** For new connections; open ones keep the old certificate. */
  replaceCertificate(certificate: Certificate): void
}

/** Longer than clients keep idle connections (60 to 75 s), so that none is closed just as it is used again. */
const keepAliveTimeoutMs = 80_000

export function createListener(options: ListenerOptions): Listener {
  const http = {
    headersTimeout: options.headersTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(options.headersTimeoutMs, 5_000),
    keepAliveTimeout: keepAliveTimeoutMs,
    optimizeEmptyRequests: true, // A request without a body need not wait for the end of one.
    requireHostHeader: false, // The check of the signature requires it, and refuses in JSON.
  }
  const { certificate } = options
  const tls = certificate && createTlsServer({ ...http, ...certificate, handshakeTimeout: options.headersTimeoutMs })
  const server: Server = tls ?? createServer(http)
  server.maxHeadersCount = 0 // A limit would drop further fields silently; the size of the section is bounded anyway.
  return { server, replaceCertificate: (certificate) => tls?.setSecureContext(certificate) }
}

/** Returns the URL of the server. Rejects with the error of the socket. @param host may be an IPv6 address in brackets */
export function listen(server: Server, host: string, port: number): Promise<string> {
  const address = host.replace(/^\[(.*)\]$/, '$1')
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => {
      const scheme = 'setSecureContext' in server ? 'https' : 'http'
      const { port } = server.address() as AddressInfo
      resolve(`${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`)
    })
  })
}
