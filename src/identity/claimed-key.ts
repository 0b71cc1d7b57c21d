/** The access key that a request names, before anything of its signature is checked. */
import type { Keyring } from './keyring.ts'
import { parseQuery, splitTarget } from '../wire/request.ts'

/** Whether the key exists. If not, authentication fails whatever the body of the request is. */
export function isClaimedKeyKnown(
  keyring: Keyring,
  authorization: string | undefined,
  target: string,
): boolean | Promise<boolean> {
  const id = authorization === undefined ? findInQuery(target) : inHeader.exec(authorization)?.[1]
  const found = id === undefined ? undefined : keyring(id)
  return found instanceof Promise ? found.then((known) => known !== undefined) : found !== undefined
}

/** Takes what `readSignature` takes, and more. */
const inHeader = /(?:^AWS4-\S*\s+|,\s*)Credential=([^/,]*)/

const findInQuery = (target: string) =>
  parseQuery(splitTarget(target)[1])
    .find(([name]) => name === 'X-Amz-Credential')?.[1]
    .split('/', 1)[0]
