import { notFound } from '../../contract/errors.ts'
import { count } from '../../database/count.ts'
import { type PageRequest, isAfter } from '../../database/pagination.ts'
import type { AccountKey } from '../rows.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'

export type BotRow = Row<'bots'>

const botsOf = (db: Db, { aws_account_id, account_id }: AccountKey) =>
  db.selectFrom('bots').selectAll().where('aws_account_id', '=', aws_account_id).where('account_id', '=', account_id)

export function findBot(db: Db, account: AccountKey, botId: string): Promise<BotRow | undefined> {
  return botsOf(db, account).where('bot_id', '=', botId).executeTakeFirst()
}

/** Throws `NotFoundException`. */
export async function requireBot(db: Db, account: AccountKey, botId: string): Promise<BotRow> {
  const bot = await findBot(db, account, botId)
  if (!bot) throw notFound('Bot', botId)
  return bot
}

/** Searches the whole installation, because an address belongs to one bot at most. */
export function findBotByEmail(db: Db, email: string): Promise<BotRow | undefined> {
  return db.selectFrom('bots').selectAll().where('bot_email', '=', email).executeTakeFirst()
}

/** Oldest first. */
export function listBots(db: Db, account: AccountKey, { limit, after }: PageRequest): Promise<BotRow[]> {
  let query = botsOf(db, account).orderBy('created_at').orderBy('bot_id').limit(limit)
  if (after) query = query.where(isAfter('created_at', 'bot_id', after))
  return query.execute()
}

export function countBots(db: Db, { aws_account_id, account_id }: AccountKey): Promise<number> {
  return count(db.selectFrom('bots').where('aws_account_id', '=', aws_account_id).where('account_id', '=', account_id))
}

export async function insertBot(db: Db, bot: BotRow): Promise<void> {
  await db.insertInto('bots').values(bot).execute()
}

export async function updateBot(db: Db, bot: BotRow, changes: Partial<BotRow>): Promise<BotRow> {
  await db
    .updateTable('bots')
    .set(changes)
    .where('aws_account_id', '=', bot.aws_account_id)
    .where('account_id', '=', bot.account_id)
    .where('bot_id', '=', bot.bot_id)
    .execute()
  return { ...bot, ...changes }
}
