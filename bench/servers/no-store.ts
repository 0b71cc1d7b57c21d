/** Belfry's steps before the store, and then an answer: what signature, routing and validation cost. */
import { serveAssociations } from './request-path.ts'

serveAssociations('no-store', () => {})
