/** The story of one phone number, told by the official JavaScript SDK. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Chime } from '@aws-sdk/client-chime'
import { readConfig } from '../../config.ts'
import { type Belfry, startServer } from '../../server.ts'
import { prepareDemo } from './demo-data.ts'

/** Starts a server on a free port with a temporary database, runs the story, and deletes the database. */
export async function runDemo(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'belfry-demo-'))
  const belfry = await startServer(demoConfig(folder), { prepare: prepareDemo })
  say('A server with a new database', belfry.url)
  try {
    await tell(connect(belfry))
  } finally {
    await belfry.close()
    await rm(folder, { recursive: true })
  }
}

const demoConfig = (folder: string) =>
  readConfig(
    {},
    {
      PORT: '0',
      DATABASE: `sqlite:${join(folder, 'belfry.db')}`,
      SEALING_KEY_FILE: join(folder, 'sealing.key'),
      ORDER_DELAY_MS: '1000',
      LOG_LEVEL: 'error',
    },
  )

const connect = ({ url, administrator }: Belfry) =>
  new Chime({ endpoint: url, region: 'us-east-1', credentials: administrator })

async function tell(chime: Chime) {
  const AccountId = await createAccount(chime)
  const [UserId, colleague] = [await createUser(chime, AccountId, 'ada'), await createUser(chime, AccountId, 'grace')]
  const number = await orderNumber(chime)
  await chime.associatePhoneNumberWithUser({ AccountId, UserId, E164PhoneNumber: number })
  say('AssociatePhoneNumberWithUser', `${number} is ada's`)
  await readBack(chime, AccountId, UserId, number)
  await refuseColleague(chime, AccountId, colleague, number)
  await chime.disassociatePhoneNumberFromUser({ AccountId, UserId })
  say('DisassociatePhoneNumberFromUser', 'ada has no number')
  await deleteAndRestore(chime, number)
}

async function createAccount(chime: Chime) {
  const { Account } = await chime.createAccount({ Name: 'Analytical Engines' })
  say('CreateAccount', `${Account?.Name}, ${Account?.AccountType}, ${Account?.AccountId}`)
  return Account?.AccountId ?? ''
}

async function createUser(chime: Chime, AccountId: string, Username: string) {
  const { User } = await chime.createUser({ AccountId, Username, Email: `${Username}@example.net` })
  say('CreateUser', `${User?.DisplayName}, ${User?.UserRegistrationStatus}, ${User?.UserId}`)
  return User?.UserId ?? ''
}

async function orderNumber(chime: Chime) {
  const { E164PhoneNumbers = [] } = await chime.searchAvailablePhoneNumbers({ AreaCode: '206', MaxResults: 3 })
  say('SearchAvailablePhoneNumbers', `in 206: ${E164PhoneNumbers.join(' ')} …`)
  const [number = ''] = E164PhoneNumbers
  const { PhoneNumberOrder } = await chime.createPhoneNumberOrder({
    ProductType: 'BusinessCalling',
    E164PhoneNumbers: [number],
  })
  say('CreatePhoneNumberOrder', `${number}: ${PhoneNumberOrder?.Status}`)
  await waitForOrder(chime, PhoneNumberOrder?.PhoneNumberOrderId ?? '')
  return number
}

async function waitForOrder(chime: Chime, PhoneNumberOrderId: string) {
  for (let tries = 0; tries < 100; tries++) {
    const { PhoneNumberOrder } = await chime.getPhoneNumberOrder({ PhoneNumberOrderId })
    if (PhoneNumberOrder?.Status !== 'Processing') return say('GetPhoneNumberOrder', `${PhoneNumberOrder?.Status}`)
    await sleep(100)
  }
  throw new Error('The order was not completed in time')
}

async function readBack(chime: Chime, AccountId: string, UserId: string, PhoneNumberId: string) {
  const { User } = await chime.getUser({ AccountId, UserId })
  say('GetUser', `${User?.DisplayName}: PrimaryProvisionedNumber ${User?.PrimaryProvisionedNumber}`)
  const { PhoneNumber } = await chime.getPhoneNumber({ PhoneNumberId })
  const holders = PhoneNumber?.Associations?.map(({ Name, Value }) => `${Name} ${Value}`)
  say('GetPhoneNumber', `${PhoneNumber?.PhoneNumberId}: ${PhoneNumber?.Status}, ${holders?.join(', ')}`)
}

async function refuseColleague(chime: Chime, AccountId: string, UserId: string, E164PhoneNumber: string) {
  const refusal = await chime.associatePhoneNumberWithUser({ AccountId, UserId, E164PhoneNumber }).then(
    () => new Error('the number was given to two people'),
    (error: Error) => error,
  )
  if (refusal.name !== 'BadRequestException') throw refusal
  say('AssociatePhoneNumberWithUser', `for grace is refused: ${refusal.name}, ${refusal.message}`)
}

async function deleteAndRestore(chime: Chime, PhoneNumberId: string) {
  await chime.deletePhoneNumber({ PhoneNumberId })
  const deleted = await chime.getPhoneNumber({ PhoneNumberId })
  say(
    'DeletePhoneNumber',
    `${deleted.PhoneNumber?.Status} since ${deleted.PhoneNumber?.DeletionTimestamp?.toISOString()}`,
  )
  const { PhoneNumber } = await chime.restorePhoneNumber({ PhoneNumberId })
  say('RestorePhoneNumber', `${PhoneNumber?.E164PhoneNumber}: ${PhoneNumber?.Status}`)
}

function say(step: string, answer: string) {
  process.stdout.write(`${step.padEnd(32)} ${answer}\n`)
}
