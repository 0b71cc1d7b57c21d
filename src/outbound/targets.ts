/** Decides which addresses may be called for a client: public ones, and those that the settings allow. */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { OutboundError } from '../domains/outbound.ts'

export interface Target {
  address: string
  family: 4 | 6
}

/**
 * Resolves and checks the address to connect to. Callers must connect to it and not resolve the name again, because
 * the result may differ. Throws `OutboundError`.
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

/** The part of IPv6 allocated so far (RFC 4291). It excludes old IPv4-compatible forms such as `::127.0.0.1`. */
const givenOut = ipaddr.parseCIDR('2000::/3')

/** In no special range such as loopback, private or link-local. IPv4 embedded in IPv6 is checked as IPv4. */
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
