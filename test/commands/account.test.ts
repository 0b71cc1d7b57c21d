/** The commands of `belfry account`. */
import { describe, expect, test } from 'vitest'
import { givenAccount, givenEnterprise } from '../support/given.ts'
import { useRemoteCommands } from '../support/remote-commands.ts'

const { belfry, tenant, done, json, rows, refusal } = await useRemoteCommands()

describe('belfry account', () => {
  test('list prints a table with aligned columns, or JSON', async () => {
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

  test('list reads all pages, or stops at --limit', async () => {
    const caller = await belfry.tenant()
    for (let count = 0; count < 201; count++) await caller.chime.createAccount({ Name: `${count}` })
    expect(await rows(['account', 'list'], caller)).toHaveLength(201)
    expect((await json(['journal'], caller))['Events']).toHaveLength(201)
    expect(await rows(['account', 'list', '--limit', '150'], caller)).toHaveLength(150)
    expect((await json(['journal', '--limit', '100'], caller))['Events']).toHaveLength(100)
  })

  test('create, show, convert, suspend, reactivate and delete manage an account', async () => {
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

  test('domain add, list and remove manage the domains of an account', async () => {
    const id = await givenEnterprise(belfry, tenant)
    expect(await done(['account', 'domain', 'add', id, 'cli.example.com'])).toBe('')
    expect(await rows(['account', 'domain', 'list', id])).toEqual([['cli.example.com', expect.stringMatching(/Z$/)]])
    expect((await json(['account', 'domain', 'list', id]))['Domains']).toEqual([
      { ClaimedTimestamp: expect.stringMatching(/Z$/), DomainName: 'cli.example.com' },
    ])
    expect(await done(['account', 'domain', 'remove', id, 'cli.example.com'])).toBe('')
    expect(await done(['account', 'domain', 'list', id])).toBe('DOMAIN  CLAIMED\n')
  })

  test('list replaces control characters of a name', async () => {
    const caller = await belfry.tenant()
    await caller.chime.createAccount({ Name: 'red \u001b[31m\u202e' })
    expect((await rows(['account', 'list'], caller)).map(([, name]) => name)).toEqual(['red ?[31m?'])
  })
})
