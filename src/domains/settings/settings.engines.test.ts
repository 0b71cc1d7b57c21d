/** The settings of an AWS account. */
import { beforeEach, describe, expect, test } from 'vitest'
import { type Tenant, dayMs, useBelfry } from '../../../test/support/belfry.ts'
import { invalid, refused } from '../../../test/support/given.ts'
import { sendSigned } from '../../../test/support/raw.ts'

const { belfry } = await useBelfry()
let tenant: Tenant

beforeEach(async () => {
  tenant = await belfry.tenant()
})

describe('GetGlobalSettings, UpdateGlobalSettings', () => {
  test('show no buckets at first', async () => {
    const { body } = await sendSigned(belfry.url, tenant, { path: '/settings' })
    expect(body).toBe('{"BusinessCalling":{"CdrBucket":null},"VoiceConnector":{"CdrBucket":null}}')
  })

  test('leave an absent structure unchanged, and switch off a structure without a bucket', async () => {
    const { chime } = tenant
    const read = async () => {
      const { BusinessCalling, VoiceConnector } = await chime.getGlobalSettings({})
      return [BusinessCalling?.CdrBucket, VoiceConnector?.CdrBucket]
    }
    const answer = await chime.updateGlobalSettings({
      BusinessCalling: { CdrBucket: 'a' },
      VoiceConnector: { CdrBucket: 'b' },
    })
    expect(answer.$metadata.httpStatusCode).toBe(204)
    expect(await read()).toEqual(['a', 'b'])
    await chime.updateGlobalSettings({ VoiceConnector: { CdrBucket: 'c' } })
    expect(await read()).toEqual(['a', 'c'])
    await chime.updateGlobalSettings({ BusinessCalling: {} })
    expect(await read()).toEqual([undefined, 'c'])
    await chime.updateGlobalSettings({ VoiceConnector: { CdrBucket: '' } })
    expect(await read()).toEqual([undefined, undefined])
    await chime.updateGlobalSettings({})
    expect(await read()).toEqual([undefined, undefined])
  })

  test('apply to one AWS account only', async () => {
    await tenant.chime.updateGlobalSettings({ BusinessCalling: { CdrBucket: 'mine' } })
    const { chime: stranger } = await belfry.tenant()
    expect((await stranger.getGlobalSettings({})).BusinessCalling?.CdrBucket).toBeUndefined()
  })
})

describe('GetPhoneNumberSettings, UpdatePhoneNumberSettings', () => {
  test('show no calling name at first', async () => {
    const { body } = await sendSigned(belfry.url, tenant, { path: '/settings/phone-number' })
    expect(body).toBe('{"CallingName":null,"CallingNameUpdatedTimestamp":null}')
  })

  test('change the name at most once in seven days, and change nothing if the name is the same', async () => {
    const { chime } = tenant
    const answer = await chime.updatePhoneNumberSettings({ CallingName: 'Example Corp' })
    expect(answer.$metadata.httpStatusCode).toBe(204)
    const before = await chime.getPhoneNumberSettings({})
    expect(before.CallingName).toBe('Example Corp')
    expect(before.CallingNameUpdatedTimestamp).toBeInstanceOf(Date)
    belfry.advance(dayMs)
    await chime.updatePhoneNumberSettings({ CallingName: 'Example Corp' })
    expect(await refused(chime.updatePhoneNumberSettings({ CallingName: 'Other' }))).toMatch(
      /^400 BadRequestException BadRequest: The default calling name can be changed again from \d{4}-/,
    )
    expect(await refused(chime.updatePhoneNumberSettings({ CallingName: '' }))).toMatch(/^400 /)
    expect((await chime.getPhoneNumberSettings({})).CallingNameUpdatedTimestamp).toEqual(
      before.CallingNameUpdatedTimestamp,
    )
    belfry.advance(6 * dayMs)
    await chime.updatePhoneNumberSettings({ CallingName: '' })
    expect((await chime.getPhoneNumberSettings({})).CallingName).toBeUndefined()
  })

  test.each(['a', 'sixteen letters!', 'Ümlaut', 'two  lines\n'])('refuse the name %j', async (CallingName) => {
    const pattern = 'satisfy regular expression pattern: ^$|^[a-zA-Z0-9 ]{2,15}$'
    expect(await refused(tenant.chime.updatePhoneNumberSettings({ CallingName }))).toBe(invalid('CallingName', pattern))
  })

  test('refuse a missing name', async () => {
    const answer = await sendSigned(belfry.url, tenant, { method: 'PUT', path: '/settings/phone-number', body: '{}' })
    expect([answer.status, answer.json['Code']]).toEqual([400, 'BadRequest'])
  })
})
