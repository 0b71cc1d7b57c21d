/** Access keys from the command line, used against a server on the same database. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createClient } from '../support/belfry.ts'
import { refused } from '../support/given.ts'
import { runBelfry, startProcess } from '../support/process.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
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

test('a key may do what its policy says, until it is switched off, and again when it is on', async () => {
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
  expect(await refused(chime.listAccounts())).toMatch(/^401 UnauthorizedClientException/)
  const { stdout } = await key('list')
  expect(stdout).toMatch(/^ACCESS KEY +STATUS +CREATED +PRINCIPAL\n/)
  expect(stdout).toContain(`${credentials.accessKeyId}  Inactive`)
  expect(stdout).not.toContain(credentials.secretAccessKey)
  const { AccessKeys } = JSON.parse((await key('list', '--json')).stdout) as { AccessKeys: object[] }
  expect(AccessKeys).toContainEqual({
    AccessKeyId: credentials.accessKeyId,
    Status: 'Inactive',
    CreatedTimestamp: expect.stringMatching(/Z$/),
    PrincipalArn: 'arn:aws:iam::111122223333:user/ann',
  })
  expect((await key('enable', credentials.accessKeyId)).code).toBe(0)
  expect((await chime.listAccounts()).Accounts).toEqual([])
})

test('a key may do everything where no policy is given', async () => {
  const made = await key('create', '--principal', 'ann', '--aws-account-id', '444455556666', '--json')
  const { AccessKeyId, SecretAccessKey } = JSON.parse(made.stdout) as Record<string, string>
  const credentials = { accessKeyId: AccessKeyId ?? '', secretAccessKey: SecretAccessKey ?? '' }
  const server = await startProcess(['serve', '--port', '0'], { cwd: folder })
  const { Account } = await createClient(server.url, credentials).createAccount({ Name: 'x' })
  expect(Account?.AwsAccountId).toBe('444455556666')
})

test.each<[string, unknown, RegExp]>([
  ['is not JSON', '{', /it is not JSON/],
  ['has an effect nobody knows', { Statement: [{ Effect: 'Maybe', Action: '*', Resource: '*' }] }, /Statement/],
  [
    'has a condition, which would not be enforced',
    { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: {} }] },
    /Condition|Statement/,
  ],
  ['has no statement', {}, /Statement/],
])('refuses a policy that %s, and makes nothing', async (_, document, reason) => {
  const file = writePolicy(document)
  const { code, stdout, stderr } = await key('create', '--principal', 'ann', '--policy', file)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^belfry: The policy \S+ cannot be used: [^\n]+\.\n$/)
  expect(stderr).toMatch(reason)
  expect((await key('list', '--json')).stdout).toBe('{\n  "AccessKeys": []\n}\n')
})

test.each([
  ['no principal', ['create'], "error: required option '--principal <name>' not specified"],
  ['a name that is none', ['create', '--principal', 'a b'], 'belfry: A principal is named by'],
  [
    'a rate that is none',
    ['create', '--principal', 'a', '--requests-per-second', 'x'],
    'belfry: --requests-per-second must be',
  ],
  [
    'a policy that is not there',
    ['create', '--principal', 'a', '--policy', 'none.json'],
    'belfry: The policy none.json cannot be used: ENOENT',
  ],
  ['a key that is not there', ['disable', 'AKIANOBODY'], 'belfry: There is no access key AKIANOBODY.'],
])('refuses %s', async (_, args, sentence) => {
  const { code, stdout, stderr } = await key(...args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr.split('\n')[0]).toContain(sentence)
})
