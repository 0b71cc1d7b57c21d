/** Which addresses may be called on behalf of a client: public ones, and those that the operator named. */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { OutboundError } from '../domains/outbound.ts'

export interface Target {
  address: string
  family: 4 | 6
}

/**
 * The address to connect to, checked: whoever connects must use it and not look the name up again, for the answer
 * may have changed by then. Throws `OutboundError`.
 */
export async function findTarget(hostname: string, allow: readonly string[]): Promise<Target> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const addresses = isIP(host) === 0 ? await resolve(host) : [host]
  const found = addresses.find((address) => isAllowed(host, address, allow))
  if (found === undefined) throw new OutboundError('is at an address that is not public', { isFinal: true })
  return { address: found, family: isIP(found) === 6 ? 6 : 4 }
}

async function resolve(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    throw new OutboundError('has a name that cannot be resolved', { cause: error })
  }
}

const isAllowed = (host: string, address: string, allow: readonly string[]) =>
  isPublic(address) || allow.some((entry) => entry.toLowerCase() === host.toLowerCase() || covers(entry, address))

/** All that is given out of IPv6 so far (RFC 4291); old forms of IPv4 in it, `::127.0.0.1`, stand outside. */
const givenOut = ipaddr.parseCIDR('2000::/3')

/** Neither loopback, private, link-local nor any other special range; what is embedded in IPv6 counts as itself. */
function isPublic(address: string): boolean {
  const found = ipaddr.process(address)
  return found.range() === 'unicast' && (found.kind() === 'ipv4' || found.match(givenOut))
}

function covers(entry: string, address: string): boolean {
  if (!isAddressOrRange(entry)) return false
  const [range, bits] = entry.includes('/') ? ipaddr.parseCIDR(entry) : wholeAddress(entry)
  const found = ipaddr.process(address)
  return found.kind() === range.kind() && found.match([range, bits])
}

function wholeAddress(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const address = ipaddr.process(entry)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

const isAddressOrRange = (entry: string) => ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry)
