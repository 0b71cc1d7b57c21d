import type { Answer } from '../../contract/operation.ts'
import { newId } from '../../primitives/ids.ts'
import { page } from '../../database/pagination.ts'
import type { Handlers } from '../operation.ts'
import { assertEnterprise } from '../accounts/rules.ts'
import { listDomains, requireAccount, requireEnterpriseAccount } from '../accounts/store.ts'
import type { Bot, contract } from './contract.ts'
import { assertBotFits, assertEmailUnused, botEmail, chooseDomain, newSecurityToken } from './rules.ts'
import { type BotRow, countBots, findBotByEmail, insertBot, listBots, requireBot, updateBot } from './store.ts'

export const handlers = {
  async CreateBot({ AccountId, DisplayName, Domain }, { db, caller, now }) {
    const account = await requireEnterpriseAccount(db, caller, AccountId)
    const email = botEmail(DisplayName, chooseDomain(Domain, await listDomains(db, account)))
    assertEmailUnused((await findBotByEmail(db, email)) !== undefined)
    assertBotFits(await countBots(db, account))
    const bot = {
      aws_account_id: account.aws_account_id,
      account_id: account.account_id,
      bot_id: newId(now),
      display_name: `${DisplayName} (Bot)`,
      bot_email: email,
      disabled: 0,
      security_token: newSecurityToken(),
      https_endpoint: null,
      lambda_arn: null,
      created_at: now,
      updated_at: now,
    }
    await insertBot(db, bot)
    return { Bot: toBot(bot) }
  },

  async GetBot({ AccountId, BotId }, { db, caller }) {
    return { Bot: toBot(await requireBot(db, await requireAccount(db, caller, AccountId), BotId)) }
  },

  async ListBots(input, { db, caller }) {
    const account = await requireAccount(db, caller, input.AccountId)
    assertEnterprise(account)
    const { rows, nextToken } = await page(input, {
      defaultLimit: 10,
      scope: ['ListBots', caller.awsAccountId, input.AccountId],
      fetch: (request) => listBots(db, account, request),
      positionOf: ({ created_at, bot_id }) => [created_at, bot_id],
    })
    return { Bots: rows.map(toBot), NextToken: nextToken }
  },

  /** A bot can be disabled and enabled but not deleted. [documented] */
  async UpdateBot({ AccountId, BotId, Disabled }, { db, caller, now }) {
    const bot = await requireBot(db, await requireEnterpriseAccount(db, caller, AccountId), BotId)
    if (Disabled === undefined) return { Bot: toBot(bot) }
    return { Bot: toBot(await updateBot(db, bot, { disabled: Number(Disabled), updated_at: now })) }
  },

  /** The old token is invalid at once. `UpdatedTimestamp` does not change, as in the published sample. */
  async RegenerateSecurityToken({ AccountId, BotId }, { db, caller }) {
    const bot = await requireBot(db, await requireEnterpriseAccount(db, caller, AccountId), BotId)
    return { Bot: toBot(await updateBot(db, bot, { security_token: newSecurityToken() })) }
  },
} satisfies Handlers<typeof contract>

const toBot = (bot: BotRow): Answer<typeof Bot> => ({
  BotId: bot.bot_id,
  UserId: bot.bot_id,
  DisplayName: bot.display_name,
  BotType: 'ChatBot',
  Disabled: bot.disabled === 1,
  CreatedTimestamp: bot.created_at,
  UpdatedTimestamp: bot.updated_at,
  BotEmail: bot.bot_email,
  SecurityToken: bot.security_token,
})
