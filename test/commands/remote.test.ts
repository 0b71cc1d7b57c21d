/** The commands that talk to a running server. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Tenant, useBelfry } from '../support/belfry.ts'
import { makeInterruptible } from '../support/interruptible-database.ts'
import { givenAccount, givenAssignable, givenEnterprise, givenNumber, givenUser } from '../support/given.ts'
import { runBelfry } from '../support/process.ts'

const folder = mkdtempSync(join(tmpdir(), 'belfry-remote-'))
const { belfry, tenant } = await useBelfry({ DATABASE: `sqlite:${join(folder, 'belfry.db')}` })

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const surroundings = ({ credentials }: Tenant) => ({
  AWS_ENDPOINT_URL_CHIME: belfry.url,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
})

const run = (args: string[], caller = tenant) => runBelfry(args, { environment: surroundings(caller) })

/** The output of a command that is done. */
async function done(args: string[], caller = tenant): Promise<string> {
  const { code, stdout, stderr } = await run(args, caller)
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

const json = async (args: string[], caller = tenant) =>
  JSON.parse(await done([...args, '--json'], caller)) as Record<string, unknown>

/** The cells of a table, without its headers. */
async function rows(args: string[], caller = tenant) {
  const lines = (await done(args, caller)).trimEnd().split('\n')
  return lines.slice(1).map((line) => line.split(/ {2,}/))
}

const refusal = async (args: string[]) => {
  const { code, stdout, stderr } = await run(args)
  expect(stdout).toBe('')
  return `${code} ${stderr}`
}

describe('account', () => {
  test('list prints a table whose columns are aligned, or JSON', async () => {
    const caller = await belfry.tenant()
    const ids = [await givenAccount(caller, 'A'), await givenAccount(caller, 'A longer name')]
    const table = (await done(['account', 'list'], caller)).trimEnd().split('\n')
    expect(table).toHaveLength(3)
    expect(new Set(table.map((line) => line.search(/TYPE|Team/))).size).toBe(1)
    expect(table[0]).toMatch(/^ACCOUNT +NAME +TYPE +STATUS +CREATED$/)
    expect(table.slice(1).map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      [ids[0], 'A', 'Team', 'Active'],
      [ids[1], 'A longer name', 'Team', 'Active'],
    ])
    const { Accounts } = await json(['account', 'list'], caller)
    expect(Accounts).toMatchObject([
      { AccountId: ids[0], CreatedTimestamp: expect.stringMatching(/Z$/) },
      { AccountId: ids[1] },
    ])
  })

  test('list follows all pages, or stops at --limit', async () => {
    const caller = await belfry.tenant()
    for (let count = 0; count < 201; count++) await caller.chime.createAccount({ Name: `${count}` })
    expect(await rows(['account', 'list'], caller)).toHaveLength(201)
    expect((await json(['journal'], caller))['Events']).toHaveLength(201)
    expect(await rows(['account', 'list', '--limit', '150'], caller)).toHaveLength(150)
    expect((await json(['journal', '--limit', '100'], caller))['Events']).toHaveLength(100)
  })

  test('create, show, convert, suspend, reactivate, delete', async () => {
    const made = await done(['account', 'create', 'Example Corp'])
    const [, id = ''] = /^AccountId: +(\S+)$/m.exec(made) ?? []
    expect(made).toMatch(/^Name: +Example Corp$/m)
    expect(await done(['account', 'show', id])).toBe(made)
    expect((await json(['account', 'show', id]))['Account']).toMatchObject({ AccountId: id, AccountType: 'Team' })
    const convert = ['account', 'convert', id, '--type', 'EnterpriseLWA', '--licenses', 'Basic', 'Pro']
    expect((await json(convert))['Account']).toMatchObject({
      AccountType: 'EnterpriseLWA',
      SupportedLicenses: ['Basic', 'Pro'],
    })
    expect(await done(['account', 'suspend', id])).toMatch(/^AccountStatus: +Suspended$/m)
    expect(await done(['account', 'reactivate', id])).toMatch(/^AccountStatus: +Active$/m)
    expect(await done(['account', 'delete', id])).toBe('')
    expect(await refusal(['account', 'show', id])).toBe(
      `3 belfry: NotFoundException: Could not find Account with Id '${id}'\n`,
    )
  })

  test('domain add, list, remove', async () => {
    const id = await givenEnterprise(belfry, tenant)
    expect(await done(['account', 'domain', 'add', id, 'cli.example.com'])).toBe('')
    expect(await rows(['account', 'domain', 'list', id])).toEqual([['cli.example.com', expect.stringMatching(/Z$/)]])
    expect((await json(['account', 'domain', 'list', id]))['Domains']).toEqual([
      { ClaimedTimestamp: expect.stringMatching(/Z$/), DomainName: 'cli.example.com' },
    ])
    expect(await done(['account', 'domain', 'remove', id, 'cli.example.com'])).toBe('')
    expect(await done(['account', 'domain', 'list', id])).toBe('DOMAIN  CLAIMED\n')
  })

  test('a name cannot steer the terminal', async () => {
    const caller = await belfry.tenant()
    await caller.chime.createAccount({ Name: 'red \u001b[31m\u202e' })
    expect((await rows(['account', 'list'], caller)).map(([, name]) => name)).toEqual(['red ?[31m?'])
  })
})

test('stock add, list, withdraw', async () => {
  const range = ['--from', '+13025550100', '--to', '13025550109', '--city', 'Wilmington', '--state', 'DE']
  expect(await done(['stock', 'add', ...range])).toBe('Added 10; 0 were there already.\n')
  expect(await json(['stock', 'add', '+13025550109', '%2B13025550110'])).toEqual({ Added: 1, Skipped: 1 })
  expect(await rows(['stock', 'list', '--country', 'US'])).toContainEqual(['US', 'Local', '302', '11', '11'])
  expect((await json(['stock', 'list', '--limit', '1']))['StockRanges']).toHaveLength(1)
  expect(await done(['stock', 'withdraw', '+13025550110', '+13025550111'])).toBe(
    'Withdrew 1; 1 were not there, or taken.\n',
  )
  expect(await json(['stock', 'withdraw', '+13025550109'])).toEqual({ Skipped: 0, Withdrawn: 1 })
  const { E164PhoneNumbers } = await tenant.chime.searchAvailablePhoneNumbers({ City: 'Wilmington', State: 'DE' })
  expect(E164PhoneNumbers).toHaveLength(9)
})

describe('number', () => {
  test('assign and unassign, and what they leave behind', async () => {
    const caller = await belfry.tenant()
    const { AccountId, UserId, E164PhoneNumber: number } = await givenAssignable(belfry, caller)
    const other = await givenUser(caller, AccountId)
    const user = ['--account', AccountId, '--user', UserId]
    expect(await rows(['number', 'list', '--status', 'Unassigned'], caller)).toEqual([
      [number, 'Unassigned', 'BusinessCalling', 'Local', 'US', '-', '-'],
    ])
    const before = caller.now().toISOString()
    expect(await done(['number', 'assign', number, ...user, '--allow-calls'], caller)).toBe('')
    const { UserSettings } = await caller.chime.getUserSettings({ AccountId, UserId })
    expect(UserSettings?.Telephony).toEqual({ InboundCalling: true, OutboundCalling: true, SMS: false })
    expect((await json(['number', 'list'], caller))['PhoneNumbers']).toMatchObject([{ Status: 'Assigned' }])
    expect(await done(['number', 'holder', number], caller)).toMatch(new RegExp(`^UserId: +${UserId}$`, 'm'))
    expect(await done(['number', 'unassign', number.slice(1)], caller)).toBe('')
    expect(await done(['number', 'assign', number, '--account', AccountId, '--user', other], caller)).toBe('')
    expect(await done(['number', 'unassign', '--account', AccountId, '--user', other], caller)).toBe('')
    const [history, ofUser, newest] = await Promise.all([
      rows(['number', 'history', number], caller),
      rows(['user', 'history', AccountId, UserId], caller),
      json(['user', 'history', AccountId, other], caller),
    ])
    expect(history.map(([, from = '', until = '', account, who]) => [from < until, account, who])).toEqual([
      [true, AccountId, UserId],
      [true, AccountId, other],
    ])
    expect(ofUser).toEqual([history[0]])
    expect(newest['Assignments']).toMatchObject([{ UserId: other, AssignedTimestamp: history[1]?.[1] }])
    const [first, then, earlier] = await Promise.all([
      json(['number', 'history', number, '--limit', '1'], caller),
      json(['number', 'holder', number, '--at', history[0]?.[1] ?? ''], caller),
      run(['number', 'holder', number, '--at', before], caller),
    ])
    expect(first['Assignments']).toMatchObject([{ E164PhoneNumber: number, UserId }])
    expect(then['Assignment']).toMatchObject({ UserId })
    expect(earlier.code).toBe(3)
  })

  test('unassign refuses what nobody holds', async () => {
    const number = await givenNumber(belfry, tenant)
    expect(await refusal(['number', 'unassign', number])).toBe(`3 belfry: Nobody holds ${number}.\n`)
  })
})

test('journal tells who did what, by time, operation and resource', async () => {
  const caller = await belfry.tenant()
  const input = await givenAssignable(belfry, caller)
  await caller.chime.associatePhoneNumberWithUser(input)
  const all = await rows(['journal'], caller)
  expect(all.map(([, operation, who]) => [operation, who])).toEqual([
    ['CreateAccount', 'tester'],
    ['CreateUser', 'tester'],
    ['CreatePhoneNumberOrder', 'tester'],
    ['CompletePhoneNumberOrder', 'jobs.belfry'],
    ['AssociatePhoneNumberWithUser', 'tester'],
  ])
  const about = `Account ${input.AccountId}, User ${input.UserId}, PhoneNumber %2B${input.E164PhoneNumber.slice(1)}`
  expect(all.at(-1)?.[3]).toBe(about)
  expect(await rows(['journal', '--resource', input.UserId, '--operation', 'CreateUser'], caller)).toEqual([all[1]])
  const last = all.at(-1)?.[0] ?? ''
  const { Events } = await json(['journal', '--since', last, '--resource', input.E164PhoneNumber], caller)
  expect(Events).toMatchObject([{ EventName: 'AssociatePhoneNumberWithUser', Username: 'tester' }])
  expect(await rows(['journal', '--until', '2026-01-01T02:00+02:00'], caller)).toEqual([])
})

test('journal --cloudtrail prints what the readers of CloudTrail take', async () => {
  const caller = await belfry.tenant()
  const { AccountId } = await givenAssignable(belfry, caller)
  for (let count = 0; count < 100; count++) await givenUser(caller, AccountId)
  const exported = async (...args: string[]) =>
    JSON.parse(await done(['journal', '--cloudtrail', ...args], caller)) as { Records: Record<string, unknown>[] }
  const { Events } = (await json(['journal'], caller)) as { Events: { CloudTrailEvent: string }[] }
  const { Records } = await exported()
  expect(Records).toHaveLength(104)
  expect(Records).toEqual(Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent) as unknown))
  expect(Records[1]).toMatchObject({
    eventSource: 'chime.amazonaws.com',
    eventName: 'CreateUser',
    recipientAccountId: caller.awsAccountId,
    requestParameters: { accountId: AccountId, email: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
  })
  expect((await exported('--limit', '2', '--operation', 'CreateUser')).Records).toEqual(
    Records.filter(isOf('CreateUser')).slice(0, 2),
  )
  expect(await exported('--until', '2026-01-01')).toEqual({ Records: [] })
})

const isOf = (name: string) => (record: Record<string, unknown>) => record['eventName'] === name

test('ids of any characters arrive as they are', async () => {
  const odd = "a b/c+d=é%2F?&#'(*)!"
  const missing = `3 belfry: NotFoundException: Could not find Account with Id '${odd}'\n`
  expect(await refusal(['account', 'show', odd])).toBe(missing)
  expect(await refusal(['account', 'suspend', odd])).toBe(missing)
  expect(await rows(['journal', '--resource', odd])).toEqual([])
})

describe('principal and policy', () => {
  test('are made, given to each other, and taken away again', async () => {
    const caller = await belfry.tenant()
    const file = join(folder, 'policy.json')
    const document = '{"Statement":{"Effect":"Allow","Action":"chime:List*","Resource":"*"}}'
    writeFileSync(file, document)
    expect(await done(['policy', 'put', 'listing', file], caller)).toBe('')
    expect(await done(['policy', 'show', 'listing'], caller)).toBe(`${document}\n`)
    expect(await rows(['policy', 'list'], caller)).toEqual([
      ...['AdministratorAccess', 'AmazonChimeFullAccess', 'AmazonChimeReadOnly', 'AmazonChimeUserManagement'].map(
        (name) => [name, 'built in', '-'],
      ),
      ['listing', 'own', expect.stringMatching(/Z$/)],
    ])
    expect(await rows(['policy', 'list', '--limit', '1'], caller)).toHaveLength(1)
    expect(await done(['principal', 'create', 'ann', '--type', 'Machine'], caller)).toMatch(/\nPrincipalName: +ann\n/)
    await done(['principal', 'attach', 'ann', 'listing'], caller)
    expect(await json(['principal', 'show', 'ann'], caller)).toMatchObject({
      Principal: { PrincipalType: 'Machine', PolicyNames: ['listing'] },
    })
    expect(await rows(['principal', 'list'], caller)).toEqual([
      ['ann', 'Machine', expect.stringMatching(/Z$/), 'listing'],
      ['tester', 'Administrator', expect.stringMatching(/Z$/), 'AdministratorAccess'],
    ])
    await done(['principal', 'detach', 'ann', 'listing'], caller)
    await done(['policy', 'delete', 'listing'], caller)
    await done(['principal', 'delete', 'ann'], caller)
    expect(await rows(['principal', 'list'], caller)).toHaveLength(1)
  })

  test('have keys, which sign until they are switched off', async () => {
    const caller = await belfry.tenant()
    await done(['principal', 'create', 'ann', '--type', 'Administrator'], caller)
    const shown = await done(['principal', 'key', 'create', 'ann'], caller)
    const [, accessKeyId = '', secretAccessKey = ''] =
      /^AWS_ACCESS_KEY_ID=(\S+)\nAWS_SECRET_ACCESS_KEY=(\S+)\n$/.exec(shown) ?? []
    const ann = { ...caller, credentials: { accessKeyId, secretAccessKey } }
    expect(await rows(['account', 'list'], ann)).toEqual([])
    await done(['principal', 'key', 'disable', 'ann', accessKeyId], caller)
    const refusal = async () => (await run(['account', 'list'], ann)).stderr
    await expect.poll(refusal, { timeout: 5_000, interval: 1 }).toContain('UnauthorizedClientException')
    await done(['principal', 'key', 'enable', 'ann', accessKeyId], caller)
    expect(await rows(['principal', 'key', 'list', 'ann'], caller)).toEqual([
      [accessKeyId, 'Active', expect.stringMatching(/Z$/), expect.stringMatching(/Z$|^-$/), '-'],
    ])
    await done(['principal', 'key', 'delete', 'ann', accessKeyId], caller)
    expect(await rows(['principal', 'key', 'list', 'ann'], caller)).toEqual([])
  })

  test('refuse a policy that says what nobody would enforce, and a file that is not there', async () => {
    const file = join(folder, 'bad.json')
    writeFileSync(file, '{"Statement":{"Effect":"Maybe","Action":"*","Resource":"*"}}')
    expect(await refusal(['policy', 'put', 'bad', file])).toBe(
      '3 belfry: BadRequestException: The policy cannot be used. Statement.Effect: it must be Allow or Deny\n',
    )
    expect(await refusal(['policy', 'put', 'bad', 'none.json'])).toMatch(/^2 belfry: The file cannot be read: ENOENT/)
  })
})

describe('credentials', () => {
  test('may come with a session token', async () => {
    const caller = await belfry.tenant({ sessionToken: 'token/ABC+' })
    expect(await rows(['stock', 'list', '--country', 'GB'], caller)).toEqual([])
    expect(await rows(['account', 'list'], caller)).toEqual([])
  })

  test('may come from a profile', async () => {
    const { accessKeyId, secretAccessKey } = tenant.credentials
    const file = join(folder, 'credentials')
    writeFileSync(file, `[bell]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`)
    const environment = {
      AWS_PROFILE: 'bell',
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_CONFIG_FILE: join(folder, 'none'),
    }
    const args = ['stock', 'list', '--country', 'GB', '--endpoint-url', belfry.url]
    expect(await runBelfry(args, { environment })).toMatchObject({ code: 0, stderr: '' })
  })

  test('must come from somewhere', async () => {
    const none = join(folder, 'none')
    const environment = {
      AWS_ENDPOINT_URL: belfry.url,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: none,
      AWS_SHARED_CREDENTIALS_FILE: none,
    }
    for (const command of [['account', 'list'], ['journal']])
      expect(await runBelfry(command, { environment })).toEqual({
        code: 2,
        stdout: '',
        stderr: 'belfry: There are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.\n',
      })
  })

  test('must be right', async () => {
    const wrong = { ...tenant, credentials: { ...tenant.credentials, secretAccessKey: 'wrong' } }
    for (const command of [['account', 'list'], ['journal']]) {
      const { code, stderr } = await run(command, wrong)
      expect([code, stderr.split(':')[1]]).toEqual([3, ' InvalidSignatureException'])
    }
  })
})

test.each([
  [['stock', 'add'], 'Give either numbers, or both --from and --to.'],
  [['stock', 'add', '+12065550100', '--from', '+12065550100'], 'Give either numbers, or both --from and --to.'],
  [['stock', 'add', '--from', '+12065550100'], 'Give either numbers, or both --from and --to.'],
  [['number', 'history', 'abc'], 'abc is not a phone number in E.164, as +12065550100.'],
  [['number', 'unassign'], 'Give either a number, or both --account and --user.'],
  [['number', 'unassign', '--user', 'x'], 'Give either a number, or both --account and --user.'],
  [['account', 'list', '--endpoint-url', 'localhost:8080'], 'The endpoint localhost:8080 is not a URL.'],
])('%j is wrong usage', async (args, sentence) => {
  expect(await refusal(args)).toBe(`2 belfry: ${sentence}\n`)
})

test.each([
  [['journal', '--since', 'yesterday'], 'It must be a date or a time'],
  [['journal', '--since', '2026-13-01'], 'It must be a date or a time'],
  [['journal', '--limit', '0'], 'It must be from 1 to'],
])('%j is wrong usage, as the help says', async (args, hint) => {
  expect(await refusal(args)).toMatch(new RegExp(`^2 error: option .* ${hint}`))
})

test('a server that is not there, or is something else, is 4', async () => {
  for (const command of [['account', 'list'], ['journal']]) {
    const gone = await run([...command, '--endpoint-url', 'http://127.0.0.1:9'])
    expect([gone.code, gone.stdout]).toEqual([4, ''])
    expect(gone.stderr).toMatch(/^belfry: The server http:\/\/127\.0\.0\.1:9 cannot be reached \([^)]+\)\.\n$/)
    const unknown = await run([...command, '--endpoint-url', 'http://belfry.invalid'])
    expect([unknown.code, unknown.stderr]).toEqual([4, expect.stringMatching(/cannot be reached \(E[A-Z_]+\)\.\n$/)])
  }
})

test('a server that cannot serve is 4', async () => {
  const database = await makeInterruptible(belfry.databaseUrl)
  database.cut()
  try {
    expect(await refusal(['stock', 'add', '+13025550100'])).toMatch(/^4 belfry: ServiceUnavailableException: /)
    expect(await refusal(['account', 'create', 'x'])).toMatch(/^4 belfry: ServiceUnavailableException: /)
  } finally {
    await database.restore()
  }
})

/** Answers everything as it is told, until the test is over. */
async function pretend(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a server that means no good', () => {
  test('cannot steer the terminal by what it says', async () => {
    const headers = { 'x-amzn-ErrorType': 'Bad\u009b31mException' }
    const body = JSON.stringify({ Code: 'x', Message: 'red \u001b[31m\u202e\ntwo' })
    const url = await pretend((_, response) => void response.writeHead(403, headers).end(body))
    for (const command of [['account', 'list'], ['journal']]) {
      const { code, stdout, stderr } = await run([...command, '--endpoint-url', url])
      expect([code, stdout]).toEqual([3, ''])
      expect(stderr).toMatch(/^belfry: [ -~]*red \?\[31m\?\?two\n$/)
    }
  })

  test('cannot steer the terminal by what doctor finds', async () => {
    const body = JSON.stringify({ Code: 'x', Message: 'red \u001b[31m' })
    const url = await pretend(
      ({ url: path }, response) => void response.writeHead(path === '/health' ? 200 : 400).end(body),
    )
    const { code, stdout } = await run([
      'doctor',
      '--database',
      `sqlite:${join(folder, 'belfry.db')}`,
      '--endpoint-url',
      url,
    ])
    expect(code).toBe(1)
    expect(stdout).toContain('red ?[31m')
    expect(stdout).toMatch(/^[ -~\n]*$/)
  })

  test('is not followed elsewhere', async () => {
    let visits = 0
    const elsewhere = await pretend((_, response) => {
      visits++
      response.end('{}')
    })
    const url = await pretend((_, response) => void response.writeHead(307, { Location: elsewhere }).end())
    const { code, stderr } = await run(['journal', '--endpoint-url', url])
    expect([code, stderr, visits]).toEqual([4, expect.stringContaining('belfry: '), 0])
  })
})

test('a list may be as long as it likes', async () => {
  const Events = Array.from({ length: 200_000 }, () => ({ EventName: 'x' }))
  const url = await pretend((_, response) => void response.end(JSON.stringify({ Events })))
  const { code, stdout, stderr } = await run(['journal', '--endpoint-url', url])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.split('\n')).toHaveLength(200_002)
})
