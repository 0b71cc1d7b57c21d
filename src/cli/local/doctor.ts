/** Read-only checks of the installation. */
import type { Config } from '../../config.ts'
import { type Check, check } from './check.ts'
import { lookAtNode } from './check-node.ts'
import { checkServer } from './check-server.ts'
import { checkSignature } from './check-signature.ts'
import { checkStore } from './check-store.ts'
import type { Report } from '../output/report.ts'
import { printable } from '../output/table.ts'

interface Endpoint {
  url: string
  /** Whether the endpoint was given explicitly. Only then is an unreachable server a failure. */
  named: boolean
}

/** @param readSettings throws if they are invalid */
export const examine = (readSettings: () => Config, endpoint: Endpoint): Promise<Check[]> =>
  Array.fromAsync(checkAll(readSettings, endpoint))

/** Checks only why signatures are refused. */
export const examineSignature = ({ url }: Endpoint): Promise<Check[]> => Array.fromAsync(checkSignature(url))

async function* checkAll(readSettings: () => Config, { url, named }: Endpoint): AsyncGenerator<Check> {
  yield await check('Node.js', () => lookAtNode(process.version))
  let config: Config | undefined
  yield await check('settings', () => {
    config = readSettings()
    return 'Every BELFRY_* variable is a setting, and makes sense.'
  })
  if (config) yield* checkStore(config)
  yield* checkServer(url, named)
}

export const showChecks = (Checks: Check[]): Report => ({
  document: { Checks },
  text: Checks.map(toLine).join('\n'),
})

const toLine = ({ Name, Ok, Warning, Finding }: Check) =>
  `${(Ok ? (Warning ? 'warn' : 'ok') : 'FAILED').padEnd(6)}  ${Name.padEnd(13)}  ${printable(Finding)}`
