/** What a request, or its answer, was about: the ids it names, wherever they stand in it. */
import type { Answer } from '../../contract/operation.ts'
import { e164In, phoneNumberId } from '../phone-numbers/rules.ts'
import type { Resource } from './contract.ts'

/** Members that name things. AWS has no types for most of them, so they are called as in "Could not find User …". */
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

/** Each once, in the order they are named; a long list is cut. */
export function namedResources(...values: unknown[]): Answer<typeof Resource>[] {
  const found = new Map<string, Answer<typeof Resource>>()
  forEachId(values, (type, id) => {
    const name = nameOf(type, id)
    if (name !== undefined && found.size < atMost) found.set(`${type} ${name}`, toResource(type, name))
  })
  return [...found.values()]
}

/** As it is kept; the case of a meeting's or an order's id does not matter. */
function nameOf(type: string, id: string): string | undefined {
  if (type === 'PhoneNumber') return nameOfNumber(id)
  return type === 'Meeting' || type === 'PhoneNumberOrder' ? id.toLowerCase() : id
}

/** Numbers are sensitive and their ids are not, so it is the id that stands in the journal. */
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

/** Every text that may stand in the journal for what the caller means: of a phone number all spellings are taken. */
export function spellingsOf(resourceId: string): string[] {
  return [...new Set([resourceId, nameOfNumber(resourceId) ?? resourceId])]
}
