/** Belfry's request path in front of a plain store: prepared statements, and one commit for each request. */
import { openPlainSqlite } from '../plain-sqlite.ts'
import { serveAssociations } from './request-path.ts'

const store = openPlainSqlite(process.argv[2] ?? '')

serveAssociations('one-commit', (association) => {
  store.begin()
  try {
    store.associate(association)
    store.commit()
  } catch (error) {
    store.rollback()
    throw error
  }
})
