/** `belfry key`, with the keys used at a server on the same database. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chime, ChimeServiceException } from '@aws-sdk/client-chime'
import { beforeEach, expect, test } from 'vitest'
import { createClient } from '../support/belfry.ts'
import { refused } from '../support/given.ts'
import { folderOfTest } from '../support/folder.ts'
import { runBelfry, startProcess } from '../support/process.ts'

let folder: string

beforeEach(() => {
  folder = folderOfTest()
})

const key = (...args: string[]) => runBelfry(['key', ...args], { cwd: folder })

async function createKey(...args: string[]) {
  const { code, stdout } = await key('create', '--principal', 'ann', ...args)
  const [, accessKeyId = '', secretAccessKey = ''] =
    /^AWS_ACCESS_KEY_ID=(\S+)\nAWS_SECRET_ACCESS_KEY=(\S+)\n$/.exec(stdout) ?? []
  expect(code).toBe(0)
  return { accessKeyId, secretAccessKey }
}

function writePolicy(document: unknown): string {
  const file = join(folder, 'policy.json')
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document))
  return file
}

/** A server notices changes by the command line within a second. */
const withinOneSecond = { timeout: 1_000, interval: 20 }
const answerTo = (chime: Chime) =>
  chime.listAccounts().then(
    () => 'allowed',
    ({ name, $metadata }: ChimeServiceException) => `${$metadata.httpStatusCode} ${name}`,
  )

test('a key has the permissions of its policy, except while it is disabled', async () => {
  const policy = writePolicy({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'chime:List*', Resource: '*' }],
  })
  const credentials = await createKey('--policy', policy)
  const server = await startProcess(['serve', '--port', '0'], { cwd: folder })
  const chime = createClient(server.url, credentials)
  expect((await chime.listAccounts()).Accounts).toEqual([])
  expect(await refused(chime.createAccount({ Name: 'x' }))).toContain(
    'User: arn:aws:iam::111122223333:user/ann is not authorized to perform: chime:CreateAccount',
  )
  expect((await key('disable', credentials.accessKeyId)).code).toBe(0)
  await expect.poll(() => answerTo(chime), withinOneSecond).toMatch(/^401 UnauthorizedClientException/)
  const { stdout } = await key('list')
  expect(stdout).toMatch(/^ACCESS KEY +STATUS +CREATED +LAST USED +EXPIRES +PRINCIPAL\n/)
  expect(stdout).toContain(`${credentials.accessKeyId}  Inactive`)
  expect(stdout).not.toContain(credentials.secretAccessKey)
  expect((await key('enable', credentials.accessKeyId)).code).toBe(0)
  await expect.poll(() => answerTo(chime), withinOneSecond).toBe('allowed')
  await server.end('SIGTERM')
  const { AccessKeys } = JSON.parse((await key('list', '--json')).stdout) as { AccessKeys: object[] }
  expect(AccessKeys).toContainEqual({
    AccessKeyId: credentials.accessKeyId,
    Status: 'Active',
    CreatedTimestamp: expect.stringMatching(/Z$/),
    LastUsedTimestamp: expect.stringMatching(/Z$/),
    ExpirationTimestamp: null,
    PrincipalArn: 'arn:aws:iam::111122223333:user/ann',
  })
})

test('a key that is created without a policy has all permissions', async () => {
  const made = await key('create', '--principal', 'ann', '--aws-account-id', '444455556666', '--json')
  const { AccessKeyId, SecretAccessKey } = JSON.parse(made.stdout) as Record<string, string>
  const credentials = { accessKeyId: AccessKeyId ?? '', secretAccessKey: SecretAccessKey ?? '' }
  const server = await startProcess(['serve', '--port', '0'], { cwd: folder })
  const { Account } = await createClient(server.url, credentials).createAccount({ Name: 'x' })
  expect(Account?.AwsAccountId).toBe('444455556666')
})

test('an existing key pair is imported with a built-in policy', async () => {
  const environment = {
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/EXAMPLEKEY',
  }
  const imported = () =>
    runBelfry(['key', 'import', '--principal', 'script', '--policy', 'AmazonChimeReadOnly'], {
      cwd: folder,
      environment,
    })
  expect(await imported()).toEqual({ code: 0, stdout: 'Imported AKIAIOSFODNN7EXAMPLE.\n', stderr: '' })
  expect(await imported()).toMatchObject({
    code: 2,
    stderr: 'belfry: There is an access key AKIAIOSFODNN7EXAMPLE already.\n',
  })
  const server = await startProcess(['serve', '--port', '0'], { cwd: folder })
  const chime = createClient(server.url, {
    accessKeyId: environment.AWS_ACCESS_KEY_ID,
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
  })
  expect((await chime.listAccounts()).Accounts).toEqual([])
  expect(await refused(chime.createAccount({ Name: 'x' }))).toContain('user/script is not authorized')
})

const secret = 'wJalrXUtnFEMI/K7MDENG/EXAMPLEKEY'

test.each([
  ['a short id', 'A', secret, 'AWS_ACCESS_KEY_ID must be 16 to 128 letters, digits or _.'],
  ['an id with a blank', 'AKIAIOSFODNN7 EXAMPLE', secret, 'AWS_ACCESS_KEY_ID must be 16 to 128 letters, digits or _.'],
  [
    'an id with a control character',
    'AKIAIOSFODNN7EXAMPLE\r',
    secret,
    'AWS_ACCESS_KEY_ID must be 16 to 128 letters, digits or _.',
  ],
  ['an id of temporary credentials', 'ASIAIOSFODNN7EXAMPLE', secret, 'Temporary keys cannot be imported.'],
  [
    'a short secret',
    'AKIAIOSFODNN7EXAMPLE',
    'x',
    'AWS_SECRET_ACCESS_KEY must be 16 to 128 visible characters of ASCII.',
  ],
  [
    'a secret with a blank',
    'AKIAIOSFODNN7EXAMPLE',
    'a b'.repeat(9),
    'AWS_SECRET_ACCESS_KEY must be 16 to 128 visible characters of ASCII.',
  ],
  [
    'an id without a secret',
    'AKIAIOSFODNN7EXAMPLE',
    '',
    'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the pair to be imported.',
  ],
])('belfry key import refuses %s, as the API does', async (_, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, sentence) => {
  const environment = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }
  const imported = await runBelfry(['key', 'import', '--principal', 'script'], { cwd: folder, environment })
  expect(imported).toEqual({ code: 2, stdout: '', stderr: `belfry: ${sentence}\n` })
  expect((await key('list')).stderr).toMatch(/^belfry: The database \S+ does not exist\.\n$/)
})

test('belfry key import refuses a policy that would not be enforced, as belfry key create does', async () => {
  const policy = writePolicy('{"Statement":{"Effect":"Deny","Action":"chime:GetAcount","Resource":"*"}}')
  const environment = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: secret }
  const args = ['key', 'import', '--principal', 'script', '--policy', policy]
  const { code, stderr } = await runBelfry(args, { cwd: folder, environment })
  expect([code, stderr]).toEqual([
    2,
    `belfry: The policy ${policy} cannot be used: Statement.Action: there is no action chime:GetAcount.\n`,
  ])
})

test('a rotation leaves two valid keys until the old one is deleted', async () => {
  const old = await createKey()
  const rotated = JSON.parse((await key('rotate', old.accessKeyId, '--json')).stdout) as Record<string, string>
  const young = { accessKeyId: rotated['AccessKeyId'] ?? '', secretAccessKey: rotated['SecretAccessKey'] ?? '' }
  const exists = 'belfry: The principal ann exists; belfry principal attach changes what it may do.\n'
  const widened = await key('create', '--principal', 'ann', '--policy', 'AmazonChimeFullAccess')
  expect(widened).toEqual({ code: 2, stdout: '', stderr: exists })
  const limit = 'belfry: The limit of 2 access keys per principal would be exceeded.\n'
  expect(await key('rotate', young.accessKeyId)).toEqual({ code: 2, stdout: '', stderr: limit })
  expect(await key('create', '--principal', 'ann')).toEqual({ code: 2, stdout: '', stderr: limit })
  const server = await startProcess(['serve', '--port', '0'], { cwd: folder })
  for (const credentials of [old, young])
    expect((await createClient(server.url, credentials).listAccounts()).Accounts).toEqual([])
  expect((await key('delete', old.accessKeyId)).code).toBe(0)
  const client = createClient(server.url, old)
  await expect.poll(() => answerTo(client), withinOneSecond).toMatch(/^403 UnrecognizedClientException/)
  expect((await createClient(server.url, young).listAccounts()).Accounts).toEqual([])
})

test('belfry key session prints temporary credentials in the format of a credential_process', async () => {
  await createKey()
  const { stdout } = await key('session', '--principal', 'ann', '--duration-seconds', '900', '--json')
  const { Version, AccessKeyId, SecretAccessKey, SessionToken, Expiration } = JSON.parse(stdout) as Record<
    string,
    string
  >
  expect([Version, AccessKeyId]).toEqual([1, expect.stringMatching(/^ASIA/)])
  expect(Math.abs(Date.parse(Expiration ?? '') - Date.now() - 900_000)).toBeLessThan(60_000)
  const server = await startProcess(['serve', '--port', '0'], { cwd: folder })
  const credentials = { accessKeyId: AccessKeyId ?? '', secretAccessKey: SecretAccessKey ?? '' }
  const chime = createClient(server.url, { ...credentials, sessionToken: SessionToken ?? '' })
  expect((await chime.listAccounts()).Accounts).toEqual([])
  expect(await refused(createClient(server.url, credentials).listAccounts())).toMatch(
    /^403 UnrecognizedClientException/,
  )
})

test.each<[string, unknown, RegExp]>([
  ['is not JSON', '{', /it is not JSON/],
  ['has an unknown effect', { Statement: [{ Effect: 'Maybe', Action: '*', Resource: '*' }] }, /Statement/],
  [
    'has an unknown condition operator',
    {
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquls: { 'aws:username': 'a' } } }],
    },
    / Statement\[0\]\.Condition\.StringEquls: there is no such condition operator here\.\n/,
  ],
  ['has no statement', {}, /Statement/],
  ['has a member twice', '{"Statement":[],"Statement":[]}', / Statement: this member is there twice/],
  [
    'names a resource that its action does not know',
    { Statement: [{ Effect: 'Deny', Action: 'chime:GetUser', Resource: 'arn:aws:chime::111122223333:user/1' }] },
    / Statement\[0\]\.Resource: chime:GetUser takes only \*\.\n/,
  ],
  [
    'names no action',
    { Statement: [{ Effect: 'Deny', Action: 'chimes:*', Resource: '*' }] },
    /no action chimes:\*\.\n/,
  ],
  ['is too long', `{"Statement":[]}${' '.repeat(16_384)}`, /: it must have from 1 to 16384 characters\.\n/],
])('belfry key create refuses a policy that %s, and creates no database', async (_, document, reason) => {
  const file = writePolicy(document)
  const { code, stdout, stderr } = await key('create', '--principal', 'ann', '--policy', file)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^belfry: The policy \S+ cannot be used: [^\n]+\.\n$/)
  expect(stderr).toMatch(reason)
  expect((await key('list')).stderr).toMatch(/^belfry: The database \S+ does not exist\.\n$/)
})

test.each([
  ['a missing principal', ['create'], "error: required option '--principal <name>' not specified"],
  ['an invalid principal name', ['create', '--principal', 'a b'], 'belfry: A principal is named by'],
  ['a principal that no path could name', ['create', '--principal', '..'], 'belfry: A principal is named by'],
  [
    'a rate that the API refuses',
    ['create', '--principal', 'a', '--requests-per-second', '1000001'],
    'belfry: --requests-per-second must be',
  ],
  [
    'an invalid rate',
    ['create', '--principal', 'a', '--requests-per-second', 'x'],
    'belfry: --requests-per-second must be',
  ],
  [
    'a policy that does not exist',
    ['create', '--principal', 'a', '--policy', 'none.json'],
    'belfry: The policy none.json cannot be used: there is no such file, and built in are AdministratorAccess',
  ],
  ['a missing key pair', ['import', '--principal', 'a'], 'belfry: Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
  [
    'a session duration out of range',
    ['session', '--principal', 'a', '--duration-seconds', '129601'],
    "error: option '--duration-seconds <number>' argument '129601' is invalid.",
  ],
])('belfry key refuses %s', (_, args, sentence) => refuse(args, sentence))

test('belfry key refuses a principal and a key that do not exist', async () => {
  await createKey()
  await refuse(['session', '--principal', 'a'], 'belfry: There is no principal a in the AWS account')
  await refuse(['disable', 'AKIANOBODY'], 'belfry: There is no access key AKIANOBODY.')
})

async function refuse(args: readonly string[], sentence: string) {
  const { code, stdout, stderr } = await key(...args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr.split('\n')[0]).toContain(sentence)
}
