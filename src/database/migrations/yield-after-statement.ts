import { setImmediate as nextTurn } from 'node:timers/promises'
import type { KyselyPlugin } from 'kysely'

/** SQLite answers within the turn of the event loop. Without a pause no signal would be handled before the last statement. */
export const yieldAfterStatement: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  async transformResult({ result }) {
    await nextTurn()
    return result
  },
}
