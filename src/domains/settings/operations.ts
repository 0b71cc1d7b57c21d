import type { Handlers } from '../operation.ts'
import type { contract } from './contract.ts'
import { assertCallingNameMayChange, orNull } from './rules.ts'
import { readSettings, writeSettings } from './store.ts'

export const handlers = {
  async GetGlobalSettings(_, { db, caller }) {
    const { business_calling_cdr_bucket, voice_connector_cdr_bucket } = await readSettings(db, caller)
    return {
      BusinessCalling: { CdrBucket: business_calling_cdr_bucket },
      VoiceConnector: { CdrBucket: voice_connector_cdr_bucket },
    }
  },

  /** An absent structure stays unchanged; one without a bucket disables its call detail records. */
  async UpdateGlobalSettings({ BusinessCalling, VoiceConnector }, { db, caller }) {
    const settings = await readSettings(db, caller)
    await writeSettings(db, {
      ...settings,
      ...(BusinessCalling && { business_calling_cdr_bucket: orNull(BusinessCalling.CdrBucket ?? '') }),
      ...(VoiceConnector && { voice_connector_cdr_bucket: orNull(VoiceConnector.CdrBucket ?? '') }),
    })
    return {}
  },

  async GetPhoneNumberSettings(_, { db, caller }) {
    const { calling_name, calling_name_updated_at } = await readSettings(db, caller)
    return { CallingName: calling_name, CallingNameUpdatedTimestamp: calling_name_updated_at }
  },

  /** Idempotent. Sets the default for numbers without their own calling name. */
  async UpdatePhoneNumberSettings({ CallingName }, { db, caller, now, settings: limits }) {
    const settings = await readSettings(db, caller)
    if (settings.calling_name === orNull(CallingName)) return {}
    assertCallingNameMayChange(settings.calling_name_updated_at, now, limits)
    await writeSettings(db, { ...settings, calling_name: orNull(CallingName), calling_name_updated_at: now })
    return {}
  },
} satisfies Handlers<typeof contract>
