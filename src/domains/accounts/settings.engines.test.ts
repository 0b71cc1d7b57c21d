/** The settings of an account. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../../../test/support/belfry.ts'
import { givenAccount, invalid, refusedRaw } from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry, tenant, chime } = await useBelfry()

describe('GetAccountSettings and UpdateAccountSettings', () => {
  const put = (AccountId: string, body: string) =>
    sendSigned(belfry.url, tenant, { method: 'PUT', path: `/accounts/${AccountId}/settings`, body })

  test('show both settings as off at first', async () => {
    const path = `/accounts/${await givenAccount(tenant)}/settings`
    const { status, body } = await sendSigned(belfry.url, tenant, { path })
    expect([status, body]).toEqual([200, '{"AccountSettings":{"DisableRemoteControl":false,"EnableDialOut":false}}'])
  })

  test('leave a setting unchanged that is not sent', async () => {
    const AccountId = await givenAccount(tenant)
    const neighbour = await givenAccount(tenant)
    const settings = async () => (await chime.getAccountSettings({ AccountId })).AccountSettings
    await chime.updateAccountSettings({ AccountId, AccountSettings: { EnableDialOut: true } })
    expect(await settings()).toEqual({ DisableRemoteControl: false, EnableDialOut: true })
    await chime.updateAccountSettings({ AccountId, AccountSettings: { DisableRemoteControl: true } })
    expect(await settings()).toEqual({ DisableRemoteControl: true, EnableDialOut: true })
    await chime.updateAccountSettings({ AccountId, AccountSettings: {} })
    expect(await settings()).toEqual({ DisableRemoteControl: true, EnableDialOut: true })
    await chime.updateAccountSettings({ AccountId, AccountSettings: { EnableDialOut: false } })
    expect(await settings()).toEqual({ DisableRemoteControl: true, EnableDialOut: false })
    const { AccountSettings } = await chime.getAccountSettings({ AccountId: neighbour })
    expect(AccountSettings).toEqual({ DisableRemoteControl: false, EnableDialOut: false })
  })

  test.each(['{"AccountSettings":{}}', '{"AccountSettings":{"EnableDialOut":null,"Unknown":1}}'])(
    'an update with %s is answered with 204 and no body',
    async (body) => {
      const answer = await put(await givenAccount(tenant), body)
      expect([answer.status, answer.body]).toEqual([204, ''])
    },
  )

  test.each([
    ['{}', 'AccountSettings', 'not be null'],
    ['{"AccountSettings":null}', 'AccountSettings', 'not be null'],
    ['{"AccountSettings":[]}', 'AccountSettings', 'be an object'],
    ['{"AccountSettings":true}', 'AccountSettings', 'be an object'],
    ['{"AccountSettings":{"EnableDialOut":"true"}}', 'AccountSettings.EnableDialOut', 'be a boolean'],
    ['{"AccountSettings":{"DisableRemoteControl":1}}', 'AccountSettings.DisableRemoteControl', 'be a boolean'],
  ])('an update with %s is refused', async (body, member, constraint) => {
    expect(refusedRaw(await put(await givenAccount(tenant), body))).toBe(invalid(member, constraint))
  })
})
