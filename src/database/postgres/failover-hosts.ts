export function listHosts(url: string): string[] {
  const [, before = '', hosts = url, after = ''] = /^(\w+:\/\/(?:[^/?#]*@)?)([^/?#@]+)(.*)$/s.exec(url) ?? []
  return hosts.split(',').map((host) => `${before}${host}${after}`)
}

export interface Hosts {
  current(): string
  /** Runs `connect` until it succeeds, moving on to the next host after each failure; each gets one try. */
  tryEach<Connection>(connect: () => Promise<Connection>): Promise<Connection>
}

export function createHosts(urls: readonly string[]): Hosts {
  let index = 0
  const current = () => urls[index % urls.length] ?? ''
  return {
    current,
    async tryEach(connect) {
      for (let tries = 1; ; tries++) {
        const tried = index
        try {
          return await connect()
        } catch (error) {
          if (index === tried) index++
          if (tries === urls.length) throw error
        }
      }
    },
  }
}
