/** Writes docs/compatibility.md: each rule of the API with its source. */
import { everywhere } from '../../src/contract/everywhere.ts'
import type { Contract } from '../../src/contract/operation.ts'
import type { Rule, Source } from '../../src/contract/provenance.ts'
import { contract as accounts } from '../../src/domains/accounts/contract.ts'
import { contract as botEvents } from '../../src/domains/bot-events/contract.ts'
import { contract as bots } from '../../src/domains/bots/contract.ts'
import { contract as meetings } from '../../src/domains/meetings/contract.ts'
import { contract as messages } from '../../src/domains/messages/contract.ts'
import { contract as phoneNumberOrders } from '../../src/domains/phone-number-orders/contract.ts'
import { contract as phoneNumbers } from '../../src/domains/phone-numbers/contract.ts'
import { contract as roomMemberships } from '../../src/domains/room-memberships/contract.ts'
import { contract as rooms } from '../../src/domains/rooms/contract.ts'
import { contract as settings } from '../../src/domains/settings/contract.ts'
import { contract as users } from '../../src/domains/users/contract.ts'

const domains: Readonly<Record<string, Contract>> = {
  Accounts: accounts,
  Users: users,
  'Phone numbers': phoneNumbers,
  'Searching and ordering phone numbers': phoneNumberOrders,
  'Settings of the AWS account': settings,
  Bots: bots,
  'Events of bots': botEvents,
  Rooms: rooms,
  'Room memberships': roomMemberships,
  'Messages and retention': messages,
  Meetings: meetings,
}

export const compatibility = (): string => `<!-- Written from src/domains/*/contract.ts by npm run docs. -->

# Compatibility

${introduction}

## What holds for all operations

${groups()}

## Operation by operation

${domainTables()}

## Mistakes in the published material, and what Belfry does

| where | mistake | Belfry |
| --- | --- | --- |
${mistakes.map((row) => line(row)).join('\n')}
`

const introduction = `Will a script that was written for Amazon Chime behave the same here? This page answers rule by rule: what is as it was, what had to be
chosen, and what knowingly differs. The original was switched off before this was written, so nothing was compared with it live.

What follows from the **published model** is exact and not repeated below: address, status, members, kinds, what is required or sensitive, enum values, and the
errors of each operation. Tests compare the contracts with what the official SDK carries of that model (\`test/conformance/\`). Patterns and sizes, which the SDK
does not carry, are written down from the model; Belfry is stricter only where that sets no bound: on blank ids, empty lists, and texts of great length.

Every other rule has one of four sources:

- **documented**: in the API reference, its samples, the CLI's samples, or the guides.
- **observed**: in answers of the original that its users quoted in public.
- **inferred**: nowhere written. Belfry chose what fits the rest best; another choice would have been possible.
- **differs**: Belfry knowingly does something else than the original did.

Errors: the class is always one that the model lists for the operation, or one that AWS documents for all. Where the documents have a rule and not its class, the
rule is exact and the class is chosen. Match on the class, as SDKs do, not on the text.

The rules are kept in the contracts, beside the operations they are about. All cases of AssociatePhoneNumberWithUser have [a page of their
own](associate-phone-number-with-user.md), and what the original's console, mail and clients did is in [Belfry's own operations](reference/operations.md#belfry).`

function groups(): string {
  const sections = Object.entries(everywhere).map(([title, rules]) => `### ${title}\n\n${rules.map(bullet).join('\n')}`)
  return sections.join('\n\n')
}

const bullet = ({ source, text }: Rule) => `- ${text} *${source}*`

function domainTables(): string {
  const sections = Object.entries(domains).map(([title, contract]) => `### ${title}\n\n${table(contract)}`)
  return sections.join('\n\n')
}

function table(contract: Contract): string {
  const rows = Object.entries(contract).map(([name, { rules }]) => {
    const link = `[${name}](reference/operations.md#${name.toLowerCase()})`
    return line([link, cell(rules, 'documented', 'observed'), cell(rules, 'inferred'), cell(rules, 'differs')])
  })
  return [
    '| operation | exact (documented, observed) | chosen (inferred) | differs |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

const cell = (rules: readonly Rule[], ...of: Source[]) =>
  rules
    .filter(({ source }) => of.includes(source))
    .map(({ source, text }) => (source === 'observed' ? `${text} *observed*` : text))
    .join('<br>')

const line = (cells: readonly string[]) =>
  `| ${cells.map((text) => text.replaceAll('|', String.raw`\|`)).join(' | ')} |`

const mistakes: readonly (readonly [where: string, mistake: string, belfry: string])[] = [
  ['CLI samples of list-bots and list-rooms', 'one object under `Bot` and `Room`', 'lists under `Bots` and `Rooms`'],
  [
    'CLI samples of get-user and reset-personal-pin',
    'Python\'s `False`, and the string `"null"`',
    '`false` and `null`',
  ],
  [
    'CLI sample of get-phone-number',
    'an Unassigned number with an association',
    'a number with an association is Assigned',
  ],
  [
    'CLI sample of get-phone-number-order',
    'an id that breaks the pattern for GUIDs',
    'refuses it with BadRequestException; the ids it makes are hexadecimal',
  ],
  [
    'API samples',
    '`Voice Connector`, as a product type and as a member',
    '`VoiceConnector`; the form with a blank is refused',
  ],
  ['API samples of ListPhoneNumbers and RestorePhoneNumber', 'values without quotes', 'valid JSON'],
  ['API reference of PutRetentionSettings', 'a body under status 204', '204 has no body'],
  [
    'API reference of AssociatePhoneNumberWithUser and DisassociatePhoneNumberFromUser',
    'promises an empty body, and shows `{}`',
    '`{}`',
  ],
  [
    'API samples of UpdateBot and RegenerateSecurityToken',
    'the address `myBot@example.com`',
    '`myBot-chimebot@example.com`, as CreateBot made it',
  ],
  ['pages of about 2021', 'times as numbers', 'ISO-8601, as in the model'],
]
