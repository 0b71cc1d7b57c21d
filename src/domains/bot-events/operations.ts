import { ServiceError, badRequest, notFound } from '../../contract/errors.ts'
import type { Answer } from '../../contract/operation.ts'
import type { Db } from '../../database/transaction.ts'
import type { Caller, Handlers } from '../operation.ts'
import { type Outbound, OutboundError } from '../outbound.ts'
import { requireAccount, requireEnterpriseAccount } from '../accounts/store.ts'
import { type BotRow, requireBot, updateBot } from '../bots/store.ts'
import type { EventsConfiguration, contract } from './contract.ts'
import { type Destination, isMet, newChallenge, readDestination } from './rules.ts'
import { deleteDeliveries } from './store.ts'

interface BotInput {
  AccountId: string
  BotId: string
}

export const handlers = {
  /** Creates or replaces the configuration. */
  PutEventsConfiguration: {
    /** The destination must confirm that it wants the events before the configuration is stored. [documented] */
    async prepare(input, { caller, read, outbound }) {
      const destination = readDestination(input.OutboundEventsHTTPSEndpoint, input.LambdaFunctionArn)
      await read((db) => requireChangeableBot(db, caller, input))
      if (destination.https_endpoint !== null) await challenge(destination.https_endpoint, outbound)
      else await tryFunction(destination.lambda_arn ?? '', outbound)
    },
    async handle(input, { db, caller }) {
      const bot = await requireChangeableBot(db, caller, input)
      const destination = readDestination(input.OutboundEventsHTTPSEndpoint, input.LambdaFunctionArn)
      await updateBot(db, bot, destination)
      return { EventsConfiguration: toEventsConfiguration({ ...bot, ...destination }) }
    },
  },

  async GetEventsConfiguration({ AccountId, BotId }, { db, caller }) {
    const bot = await requireBot(db, await requireAccount(db, caller, AccountId), BotId)
    if (bot.https_endpoint === null && bot.lambda_arn === null) throw notFound('EventsConfiguration', BotId)
    return { EventsConfiguration: toEventsConfiguration(bot) }
  },

  /** Idempotent. Drops undelivered events. 404 is not modelled here, so an unknown bot is a 403. */
  async DeleteEventsConfiguration(input, { db, caller }) {
    const bot = await requireChangeableBot(db, caller, input).catch(forbidMissing)
    await updateBot(db, bot, { https_endpoint: null, lambda_arn: null })
    await deleteDeliveries(db, bot, bot.bot_id)
    return {}
  },
} satisfies Handlers<typeof contract>

async function requireChangeableBot(db: Db, caller: Caller, { AccountId, BotId }: BotInput): Promise<BotRow> {
  return requireBot(db, await requireEnterpriseAccount(db, caller, AccountId), BotId)
}

function forbidMissing(error: unknown): never {
  if (error instanceof ServiceError && error.name === 'NotFoundException')
    throw new ServiceError('ForbiddenException', error.message)
  throw error
}

/** Sends twenty digits and expects them in the response. [documented] */
async function challenge(endpoint: string, outbound: Outbound) {
  const digits = newChallenge()
  const body = JSON.stringify({ Challenge: digits, EventType: 'HTTPSEndpointVerification' })
  const { status, body: answer } = await outbound.post(endpoint, {}, body).catch(refuse('endpoint'))
  if (status !== 200) throw badRequest(`The endpoint answered the challenge with status ${status}`)
  if (!isMet(digits, answer)) throw badRequest('The endpoint did not repeat the challenge')
}

async function tryFunction(functionArn: string, outbound: Outbound) {
  if (!outbound.invoke) throw badRequest('This server has no Lambda endpoint (BELFRY_LAMBDA_ENDPOINT)')
  await outbound.invoke({ functionArn, payload: '{}', context: {}, dryRun: true }).catch(refuse('function'))
}

const refuse = (what: string) => (error: unknown) => {
  if (error instanceof OutboundError) throw badRequest(`The ${what} ${error.message}`)
  throw error
}

const toEventsConfiguration = ({
  bot_id,
  https_endpoint,
  lambda_arn,
}: Pick<BotRow, 'bot_id'> & Destination): Answer<typeof EventsConfiguration> => ({
  BotId: bot_id,
  OutboundEventsHTTPSEndpoint: https_endpoint,
  LambdaFunctionArn: lambda_arn,
})
