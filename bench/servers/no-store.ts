/** Belfry's request path without a store: the cost of signature, routing and validation. */
import { serveAssociations } from './request-path.ts'

serveAssociations('no-store', () => {})
