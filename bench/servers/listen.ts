import type { Server } from 'node:http'

/** Listens on a free port, and prints the same ready line as Belfry. */
export function listen(server: Server, name: string): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The server has no address')
    process.stdout.write(`${name} ready http://127.0.0.1:${address.port}\n`)
  })
}
