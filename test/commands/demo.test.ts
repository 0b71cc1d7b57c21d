/** `belfry serve --demo` and `belfry demo`. */
import { existsSync, readdirSync } from 'node:fs'
import { Chime } from '@aws-sdk/client-chime'
import { beforeEach, expect, test } from 'vitest'
import { folderOfTest } from '../support/folder.ts'
import { runBelfry, startProcess } from '../support/process.ts'

let folder: string

beforeEach(() => {
  folder = folderOfTest()
})

const serveDemo = () => startProcess(['serve', '--port', '0', '--demo'], { cwd: folder })

test('belfry serve --demo prints variables and the published example, which work before and after a restart', async () => {
  const first = await serveDemo()
  const pasted = readPasted(first.printed())
  expect(pasted['AWS_ENDPOINT_URL_CHIME']).toBe(first.url)
  expect(first.printed()).toContain(
    `aws chime associate-phone-number-with-user \\
  --account-id 12a3456b-7c89-012d-3456-78901e23fg45 \\
  --user-id 1ab2345c-67de-8901-f23g-45h678901j2k \\
  --e164-phone-number "+12065550100"`,
  )
  const AccountId = '12a3456b-7c89-012d-3456-78901e23fg45'
  const UserId = '1ab2345c-67de-8901-f23g-45h678901j2k'
  const chime = connect(pasted)
  expect((await chime.getAccount({ AccountId })).Account?.AccountType).toBe('EnterpriseLWA')
  expect((await chime.listUsers({ AccountId })).Users).toHaveLength(3)
  const { PhoneNumber: before } = await chime.getPhoneNumber({ PhoneNumberId: '+12065550100' })
  expect(before).toMatchObject({ Status: 'Unassigned', ProductType: 'BusinessCalling', Associations: [] })
  await chime.associatePhoneNumberWithUser({ AccountId, UserId, E164PhoneNumber: '+12065550100' })
  expect(await first.end('SIGTERM')).toBe(0)

  const second = await serveDemo()
  const again = readPasted(second.printed())
  expect(again['AWS_ACCESS_KEY_ID']).toBe(pasted['AWS_ACCESS_KEY_ID'])
  expect(again['AWS_SECRET_ACCESS_KEY']).toBe(pasted['AWS_SECRET_ACCESS_KEY'])
  const { User } = await connect(again).getUser({ AccountId, UserId })
  expect(User?.PrimaryProvisionedNumber).toBe('+12065550100')
  const { E164PhoneNumbers = [] } = await connect(again).searchAvailablePhoneNumbers({ AreaCode: '206' })
  expect(E164PhoneNumbers).toHaveLength(96)
  // A terminal and npm may both forward one Ctrl-C.
  expect(await second.end('SIGINT', 'SIGINT', 'SIGTERM')).toBe(0)
})

test('belfry demo prints its steps and leaves no files behind', async () => {
  const outcome = await runBelfry(['demo'], { cwd: folder, environment: { TMPDIR: folder } })
  expect(outcome).toMatchObject({ code: 0, stderr: '' })
  const steps = outcome.stdout.split('\n').map((line) => line.split(/ {2,}| /)[0])
  expect(steps).toEqual([
    'A',
    'CreateAccount',
    'CreateUser',
    'CreateUser',
    'SearchAvailablePhoneNumbers',
    'CreatePhoneNumberOrder',
    'GetPhoneNumberOrder',
    'AssociatePhoneNumberWithUser',
    'GetUser',
    'GetPhoneNumber',
    'AssociatePhoneNumberWithUser',
    'DisassociatePhoneNumberFromUser',
    'DeletePhoneNumber',
    'RestorePhoneNumber',
    '',
  ])
  expect(outcome.stdout).toContain('for grace is refused: BadRequestException')
  expect(existsSync(folder) && readdirSync(folder).filter((name) => name.startsWith('belfry-demo'))).toEqual([])
})

const readPasted = (printed: string) =>
  Object.fromEntries([...printed.matchAll(/(AWS_\w+)=(\S+)/g)].map(([, name, value]) => [name, value])) as Record<
    string,
    string
  >

const connect = (pasted: Record<string, string>) =>
  new Chime({
    endpoint: pasted['AWS_ENDPOINT_URL_CHIME'] ?? '',
    region: pasted['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: pasted['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: pasted['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  })
