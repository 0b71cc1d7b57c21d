import { randomBytes } from 'node:crypto'
import { badRequest, limitExceeded } from '../../contract/errors.ts'

/** [documented] */
const botsAtMost = 10

/** @param count number of bots that exist already */
export function assertBotFits(count: number): void {
  if (count >= botsAtMost) throw limitExceeded(botsAtMost, 'bots per account')
}

/** The given domain if the account claimed it; by default the one claimed first. [documented; the default inferred] */
export function chooseDomain(wanted: string | undefined, claimed: readonly { domain: string; claimed_at: string }[]) {
  const [first] = claimed.toSorted((a, b) => (a.claimed_at < b.claimed_at ? -1 : 1))
  const domain = wanted === undefined ? first?.domain : claimed.find((it) => it.domain === wanted.toLowerCase())?.domain
  if (domain === undefined) throw badRequest('A bot needs a domain that the account claimed')
  return domain
}

/** Omits characters that are not allowed in an address. [form documented by sample, the rest inferred] */
export function botEmail(name: string, domain: string): string {
  const local = name.replace(/[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]/g, '').replace(/^\.+|\.+(?=\.)/g, '')
  return `${local}-chimebot@${domain}`
}

export function assertEmailUnused(taken: boolean): void {
  if (taken) throw badRequest('Another bot in the domain has this name')
}

export const newSecurityToken = (): string => randomBytes(32).toString('base64url')
