/** Several servers over one database. */
import type { Running } from './process.ts'
import { serve } from './server-process.ts'

/** Starts them all at once, on a database that may be new. */
export const serveReplicas = (
  count: number,
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<Running[]> => Promise.all(Array.from({ length: count }, () => serve(databaseUrl, environment)))
