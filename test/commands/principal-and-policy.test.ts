/** The commands of `belfry principal` and `belfry policy`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { useRemoteCommands } from '../support/remote-commands.ts'

const { belfry, folder, run, done, json, rows, refusal } = await useRemoteCommands()

describe('belfry principal and belfry policy', () => {
  test('create, attach, detach and delete principals and policies', async () => {
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

  test('create a key that is accepted until it is disabled', async () => {
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

  test('refuse an invalid policy and a missing file', async () => {
    const file = join(folder, 'bad.json')
    writeFileSync(file, '{"Statement":{"Effect":"Maybe","Action":"*","Resource":"*"}}')
    expect(await refusal(['policy', 'put', 'bad', file])).toBe(
      '3 belfry: BadRequestException: The policy cannot be used. Statement.Effect: it must be Allow or Deny\n',
    )
    writeFileSync(file, '{"Statement":{"Effect":"Deny","Action":"chime:GetAcount","Resource":"*"}}')
    expect(await refusal(['policy', 'put', 'bad', file])).toBe(
      '3 belfry: BadRequestException: The policy cannot be used. Statement.Action: there is no action chime:GetAcount\n',
    )
    expect(await refusal(['policy', 'put', 'bad', 'none.json'])).toMatch(/^2 belfry: The file cannot be read: ENOENT/)
  })
})
