/** The data of the published AssociatePhoneNumberWithUser example, with some more to explore. */
import type { Database } from '../../database/database.ts'
import type { Row } from '../../database/schema/tables.ts'
import type { Db } from '../../database/transaction.ts'
import { newAccount } from '../../domains/accounts/rules.ts'
import { claimDomain, insertAccount } from '../../domains/accounts/store.ts'
import { newPhoneNumber } from '../../domains/phone-numbers/rules.ts'
import { insertPhoneNumbers } from '../../domains/phone-numbers/store.ts'
import { addToStock, hasStock, takeFromStock } from '../../domains/stock/store.ts'
import { newPersonalPin, newUser } from '../../domains/users/rules.ts'
import { insertUser } from '../../domains/users/store.ts'
import { areaCodes } from './area-codes.ts'

export const demo = {
  accountId: '12a3456b-7c89-012d-3456-78901e23fg45',
  userId: '1ab2345c-67de-8901-f23g-45h678901j2k',
  phoneNumber: '+12065550100',
}

/** Fills a database that has no stock. Later starts leave the user's changes alone. */
export function prepareDemo(database: Database, awsAccountId: string, now: string): Promise<void> {
  return database.write(async (db) => {
    if (await hasStock(db)) return
    await addToStock(db, [...localStock(), ...tollFreeStock()])
    const account = demoAccount(awsAccountId, now)
    await insertAccount(db, account)
    await claimDomain(db, account, 'example.com', now)
    for (const user of demoUsers(account, now)) await insertUser(db, user)
    await insertInventory(db, awsAccountId, now)
  })
}

/** Numbers reserved for fiction, so that none belongs to a real person. */
const fictional = (code: string) =>
  Array.from({ length: 100 }, (_, index) => `+1${code}55501${String(index).padStart(2, '0')}`)

const localStock = (): Row<'stock'>[] =>
  areaCodes.flatMap(({ code, city, state }) =>
    fictional(code).map((phone_number) => ({
      phone_number,
      country: 'US',
      type: 'Local',
      area_code: code,
      city_key: city.toLowerCase(),
      state_key: state.toLowerCase(),
      available: 1,
    })),
  )

/** 800 is a legal prefix that never had stock. [observed in public] */
const tollFreeStock = (): Row<'stock'>[] =>
  ['833', '844', '855', '866', '877', '888'].flatMap((code) =>
    fictional(code).map((phone_number) => ({
      phone_number,
      country: 'US',
      type: 'TollFree',
      area_code: code,
      city_key: null,
      state_key: null,
      available: 1,
    })),
  )

const demoAccount = (aws_account_id: string, now: string) =>
  newAccount(now, { aws_account_id, account_id: demo.accountId, name: 'Example Corp', account_type: 'EnterpriseLWA' })

const people = [
  { user_id: demo.userId, display_name: 'Martha Rivera', email: 'martha@example.com' },
  { user_id: '2bc3456d-78ef-9012-a34b-56c789012d3e', display_name: 'Akua Mansa', email: 'akua@example.com' },
  { user_id: '3cd4567e-89f0-0123-b45c-67d890123e4f', display_name: 'Shirley Rodriguez', email: 'shirley@example.com' },
]

const demoUsers = (account: Row<'accounts'>, now: string) =>
  people.map((person) =>
    newUser(account, now, {
      ...person,
      registration_status: 'Registered',
      registered_at: now,
      personal_pin: newPersonalPin(),
    }),
  )

const inventory = [
  { phone_number: demo.phoneNumber, product_type: 'BusinessCalling' },
  { phone_number: '+12065550101', product_type: 'BusinessCalling' },
  { phone_number: '+12065550102', product_type: 'BusinessCalling' },
  { phone_number: '+12065550103', product_type: 'VoiceConnector' },
  { phone_number: '+18335550100', product_type: 'VoiceConnector' },
] as const

async function insertInventory(db: Db, aws_account_id: string, now: string) {
  const products = new Map<string, Row<'phone_numbers'>['product_type']>(
    inventory.map(({ phone_number, product_type }) => [phone_number, product_type]),
  )
  const taken = await takeFromStock(db, [...products.keys()])
  await insertPhoneNumbers(
    db,
    taken.map(({ phone_number, country, type }) =>
      newPhoneNumber(now, {
        aws_account_id,
        phone_number,
        country,
        type,
        product_type: products.get(phone_number) ?? 'BusinessCalling',
        status: 'Unassigned',
      }),
    ),
  )
}
