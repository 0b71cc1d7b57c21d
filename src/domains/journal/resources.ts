/** The resources of a request and its response: the ids they name, at any depth. */
import type { Answer } from '../../contract/operation.ts'
import { e164In, phoneNumberId } from '../phone-numbers/rules.ts'
import type { Resource } from './contract.ts'

/** Members that name resources. AWS has no types for most, so the names are those of "Could not find User …". */
const typeOf = new Map<string, string>(
  Object.entries({
    AccessKeyId: 'AccessKey',
    AccountId: 'Account',
    BotId: 'Bot',
    ConversationId: 'Conversation',
    DomainName: 'Domain',
    E164PhoneNumber: 'PhoneNumber',
    E164PhoneNumbers: 'PhoneNumber',
    FirstE164PhoneNumber: 'PhoneNumber',
    InviteId: 'Invite',
    LastE164PhoneNumber: 'PhoneNumber',
    MeetingId: 'Meeting',
    MemberId: 'Member',
    MemberIds: 'Member',
    MessageId: 'Message',
    PhoneNumberId: 'PhoneNumber',
    PhoneNumberIds: 'PhoneNumber',
    PhoneNumberOrderId: 'PhoneNumberOrder',
    PolicyName: 'Policy',
    PrincipalName: 'Principal',
    RoomId: 'Room',
    SenderId: 'Member',
    TransactionId: 'Transaction',
    UserId: 'User',
    UserIdList: 'User',
    WebhookId: 'Webhook',
  }),
)

const atMost = 100

/** Without duplicates, in the order in which they are named; a long list is truncated. */
export function namedResources(...values: unknown[]): Answer<typeof Resource>[] {
  const found = new Map<string, Answer<typeof Resource>>()
  forEachId(values, (type, id) => {
    const name = nameOf(type, id)
    if (name !== undefined && found.size < atMost) found.set(`${type} ${name}`, toResource(type, name))
  })
  return [...found.values()]
}

/** The stored form of an id; ids of meetings and orders are case-insensitive. */
function nameOf(type: string, id: string): string | undefined {
  if (type === 'PhoneNumber') return nameOfNumber(id)
  return type === 'Meeting' || type === 'PhoneNumberOrder' ? id.toLowerCase() : id
}

/** Phone numbers are sensitive but their ids are not, so the journal holds the id. */
function nameOfNumber(spelling: string): string | undefined {
  const number = e164In(spelling)
  return number === undefined ? undefined : phoneNumberId(number)
}

const toResource = (ResourceType: string, ResourceName: string) => ({ ResourceType, ResourceName })

function forEachId(value: unknown, take: (type: string, id: string) => void): void {
  if (typeof value !== 'object' || value === null) return
  for (const [member, content] of Object.entries(value)) {
    const type = typeOf.get(member)
    if (type === undefined) forEachId(content, take)
    else for (const id of Array.isArray(content) ? content : [content]) if (typeof id === 'string') take(type, id)
  }
}

/** All forms under which the journal may hold a resource id; a phone number may be given in any spelling. */
export function spellingsOf(resourceId: string): string[] {
  return [...new Set([resourceId, nameOfNumber(resourceId) ?? resourceId])]
}
