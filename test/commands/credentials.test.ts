/** The credentials of the commands that call a server. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runBelfry } from '../support/process.ts'
import { useRemoteCommands } from '../support/remote-commands.ts'

const { belfry, tenant, folder, run, rows } = await useRemoteCommands()

test('credentials may include a session token', async () => {
  const caller = await belfry.tenant({ sessionToken: 'token/ABC+' })
  expect(await rows(['stock', 'list', '--country', 'GB'], caller)).toEqual([])
  expect(await rows(['account', 'list'], caller)).toEqual([])
})

test('credentials may come from a profile', async () => {
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

test('a command without credentials is wrong usage', async () => {
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

test('a command with a wrong secret access key is refused', async () => {
  const wrong = { ...tenant, credentials: { ...tenant.credentials, secretAccessKey: 'wrong' } }
  for (const command of [['account', 'list'], ['journal']]) {
    const { code, stderr } = await run(command, wrong)
    expect([code, stderr.split(':')[1]]).toEqual([3, ' InvalidSignatureException'])
  }
})

test.each<[string, Record<string, string>, string]>([
  [
    'access key id',
    { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE\r' },
    'The access key id of the credentials has a character',
  ],
  ['session token', { AWS_SESSION_TOKEN: 'token\u0001' }, 'The session token of the credentials has a character'],
  ['region', { AWS_REGION: 'us-east-1\n' }, 'AWS_REGION must consist of letters'],
])('a control character in the %s is wrong usage', async (_, changed, sentence) => {
  const { accessKeyId, secretAccessKey } = tenant.credentials
  const credentials = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const environment = { AWS_ENDPOINT_URL: belfry.url, ...credentials, ...changed }
  for (const command of [['account', 'list'], ['journal'], ['policy', 'list']]) {
    const { code, stdout, stderr } = await runBelfry(command, { environment })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^belfry: [^\n]+\n$/)
    expect(stderr).toContain(sentence)
  }
  for (const flags of [[], ['--signature']]) {
    const { code, stderr } = await runBelfry(['doctor', ...flags], { environment })
    expect([code, stderr]).toEqual([1, ''])
  }
})
