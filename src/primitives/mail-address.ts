/** No blanks, and none of the marks that separate or quote addresses (RFC 5322), so that a mail server sees one mailbox. */
const atom = String.raw`[^\s\p{Cc}\p{Cf}()<>\[\]:;@\\,"]+`
const wholeAddress = new RegExp(`^${atom}@${atom}$`, 'u')

export const isMailAddress = (text: string): boolean => wholeAddress.test(text)

/** `ann@example.com`, or `Ann <ann@example.com>`. The name may be quoted. */
export function isMailbox(text: string): boolean {
  const [, address] = /^(?:[^\p{Cc}()<>[\]:;@\\,"]*|"[^\p{Cc}"\\]*" ?)<([^<>]*)>$/u.exec(text) ?? []
  return isMailAddress(address ?? text)
}
