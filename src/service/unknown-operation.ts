/** The error for a request that names no operation. */
import { ServiceError } from '../contract/errors.ts'
import { printable } from '../primitives/printable.ts'

/**
 * Where the operations went that older models of this API had, by the first segment of their paths. Programs that were
 * written then still send them to the same endpoint.
 */
export const movedTo: ReadonlyMap<string, readonly string[]> = new Map([
  ['app-instance-users', ['chime-sdk-identity']],
  ['app-instances', ['chime-sdk-identity', 'chime-sdk-messaging']],
  ['channels', ['chime-sdk-messaging']],
  ['emergency-calling', ['chime-sdk-voice']],
  ['endpoints', ['chime-sdk-messaging']],
  ['media-capture-pipelines', ['chime-sdk-media-pipelines']],
  ['meetings', ['chime-sdk-meetings']],
  ['sip-media-applications', ['chime-sdk-voice']],
  ['sip-rules', ['chime-sdk-voice']],
  [
    'tags',
    ['chime-sdk-identity', 'chime-sdk-media-pipelines', 'chime-sdk-meetings', 'chime-sdk-messaging', 'chime-sdk-voice'],
  ],
  ['voice-connector-groups', ['chime-sdk-voice']],
  ['voice-connectors', ['chime-sdk-voice']],
])

/**
 * Repeats of the query only `operation`, because the rest may hold a signature or a token.
 * @param path without the prefix `/console`
 */
export function unknownOperation(method: string, path: string, operation?: string): ServiceError {
  const query = operation === undefined ? '' : `?operation=${printable(operation, 100)}`
  const said = `Unknown operation: ${printable(method, 20)} ${printable(path)}${query}`
  return new ServiceError('UnknownOperationException', [said, ...whereItWent(path)].join('. '))
}

function whereItWent(path: string): string[] {
  const segment = path.split('/', 2)[1] ?? ''
  const apis = movedTo.get(segment)
  if (!apis) return []
  return [`Operations that older models of this API had under /${segment} moved to ${apis.join(', ')}`]
}
