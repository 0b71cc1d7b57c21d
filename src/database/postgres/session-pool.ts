/** Who has which connection to PostgreSQL. */
import type { Client } from './prepared-statements.ts'
import { type Session, createSession } from './pipelined-session.ts'

/** Of the driver. */
interface Pool {
  connect(): Promise<PooledClient>
}

interface PooledClient extends Client {
  release(isBroken: boolean): void
}

interface Loan {
  session: Session
  giveBack(): void
}

type Lend = () => Promise<Loan>

/** Lends out connections; one that breaks is not used again. */
export function createLender(pool: Pool): Lend {
  const sessions = new WeakMap<PooledClient, Session>()
  return async () => {
    const client = await pool.connect()
    const session = sessions.get(client) ?? createSession(client)
    sessions.set(client, session)
    return { session, giveBack: () => client.release(session.isBroken) }
  }
}

/** Lends the same one to whoever comes before all have given it back, unless it is broken. */
export function sharing(lend: Lend): Lend {
  let current: { loan: Promise<Loan>; borrowers: number } | undefined
  return async () => {
    const mine = (current ??= { loan: lend(), borrowers: 0 })
    const leave = (isBroken: boolean) => {
      mine.borrowers--
      if (current === mine && (isBroken || mine.borrowers === 0)) current = undefined
    }
    mine.borrowers++
    const { session, giveBack } = await mine.loan.catch((error: unknown) => {
      leave(true)
      throw error
    })
    return {
      session,
      giveBack() {
        leave(session.isBroken)
        if (mine.borrowers === 0) giveBack()
      },
    }
  }
}

export const using =
  (lend: Lend) =>
  async <Result>(use: (session: Session) => Promise<Result>): Promise<Result> => {
    const { session, giveBack } = await lend()
    return use(session).finally(giveBack)
  }
