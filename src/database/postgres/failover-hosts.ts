/** A database of which one server of several takes writes, and which one that is may change. */

/** The URL once for each of its hosts, as in `postgres://user@one:5432,two:5432/name`. */
export function listHosts(url: string): string[] {
  const [, before = '', hosts = url, after = ''] = /^(\w+:\/\/(?:[^/?#]*@)?)([^/?#@]+)(.*)$/s.exec(url) ?? []
  return hosts.split(',').map((host) => `${before}${host}${after}`)
}

/** Which host is used. The first is tried first. */
export interface Hosts {
  current(): string
  /** Runs `connect` until it succeeds, moving on to the next host after each failure; each gets one try. */
  tryEach<Connection>(connect: () => Promise<Connection>): Promise<Connection>
}

export function createHosts(urls: readonly string[]): Hosts {
  let turn = 0
  const current = () => urls[turn % urls.length] ?? ''
  return {
    current,
    async tryEach(connect) {
      for (let tries = 1; ; tries++) {
        const tried = turn
        try {
          return await connect()
        } catch (error) {
          // Somebody else may have moved on already.
          if (turn === tried) turn++
          if (tries === urls.length) throw error
        }
      }
    },
  }
}
