import { type Session, createSession } from './pipelined-session.ts'
import type { Client } from './prepared-statements.ts'

interface Pool {
  connect(): Promise<PooledClient>
}

interface PooledClient extends Client {
  release(destroy: boolean): void
}

interface Checkout {
  session: Session
  release(): void
}

type CheckOut = () => Promise<Checkout>

export function createSessionPool(pool: Pool): CheckOut {
  const sessions = new WeakMap<PooledClient, Session>()
  return async () => {
    const client = await pool.connect()
    const session = sessions.get(client) ?? createSession(client)
    sessions.set(client, session)
    return { session, release: () => client.release(session.isUnusable) }
  }
}

/** Gives every borrower the session that is checked out already, until all have released it or it is unusable. */
export function sharedCheckout(checkOut: CheckOut): CheckOut {
  let current: { checkout: Promise<Checkout>; borrowers: number } | undefined
  return async () => {
    const mine = (current ??= { checkout: checkOut(), borrowers: 0 })
    const leave = (isUnusable: boolean) => {
      mine.borrowers--
      if (current === mine && (isUnusable || mine.borrowers === 0)) current = undefined
    }
    mine.borrowers++
    const { session, release } = await mine.checkout.catch((error: unknown) => {
      leave(true)
      throw error
    })
    return {
      session,
      release() {
        leave(session.isUnusable)
        if (mine.borrowers === 0) release()
      },
    }
  }
}

export const withSession =
  (checkOut: CheckOut) =>
  async <Result>(use: (session: Session) => Promise<Result>): Promise<Result> => {
    const { session, release } = await checkOut()
    return use(session).finally(release)
  }
