import type { Database } from '../database/database.ts'
import type { OperationSettings, SealSecret } from '../domains/operation.ts'
import type { Outbound } from '../domains/outbound.ts'
import type { Authenticator } from '../identity/authenticate.ts'
import type { Clock } from '../primitives/clock.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'

/** All that serving a request needs. */
export interface Service {
  database: Database
  authenticator: Authenticator
  settings: OperationSettings
  sealSecret: SealSecret
  outbound: Outbound
  clock: Clock
  log: Log
  metrics: Metrics
  /** Whether callers are told why their signature was refused. */
  explainSignatures: boolean
}
