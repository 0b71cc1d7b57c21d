/** The kinds of load, by name. A recipe makes the requests for one item, in the order they are sent. */
import { createHmac } from 'node:crypto'
import aws4 from 'aws4'
import { accountId, phoneNumberAt, userIdAt } from '../data.ts'
import type { Plan } from './plan.ts'
import { shuffledPair } from './shuffle.ts'

interface Message {
  method: string
  path: string
  headers?: Record<string, string>
  body?: object
}

type Recipe = (index: number, plan: Plan) => readonly Message[]

interface Entry {
  recipe: Recipe
  /** Service name in the signature scope; unsigned without one. */
  service?: 'chime' | 'dynamodb'
  /** Whether items may be used again once all have been used. */
  repeats: boolean
}

const someUser = (index: number, { population }: Plan) => userIdAt(shuffledPair(population, index).user)
const someNumber = (index: number, { population }: Plan) => phoneNumberAt(shuffledPair(population, index).number)

const user = (id: string) => `/accounts/${accountId}/users/${id}`
const associate = (userId: string, number: string): Message => ({
  method: 'POST',
  path: `${user(userId)}?operation=associate-phone-number`,
  body: { E164PhoneNumber: number },
})
const disassociate = (userId: string): Message => ({
  method: 'POST',
  path: `${user(userId)}?operation=disassociate-phone-number`,
})
const getUser = (userId: string): Message => ({ method: 'GET', path: user(userId) })
const getPhoneNumber = (number: string): Message => ({
  method: 'GET',
  path: `/phone-numbers/${encodeURIComponent(number)}`,
})
const listPhoneNumbers = (query: string): Message => ({ method: 'GET', path: `/phone-numbers?${query}` })
const createUser = (name: string): Message => ({
  method: 'POST',
  path: `/accounts/${accountId}/users?operation=create`,
  body: { Username: name },
})

const associateSome: Recipe = (index, plan) => [associate(someUser(index, plan), someNumber(index, plan))]
const associateAndDisassociate: Recipe = (index, plan) => [
  ...associateSome(index, plan),
  disassociate(someUser(index, plan)),
]

const dynamodb = (operation: string, body: object): Message => ({
  method: 'POST',
  path: '/',
  headers: { 'X-Amz-Target': `DynamoDB_20120810.${operation}`, 'Content-Type': 'application/x-amz-json-1.0' },
  body: { TableName: 'bench', ...body },
})

/** The well-known account and key of Azurite. */
const azure = {
  account: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
}

/** SharedKeyLite of the Table service signs the date and the resource. [documented] */
function insertEntity(path: string, body: object): Message {
  const date = new Date().toUTCString()
  const text = `${date}\n/${azure.account}/${azure.account}/${path}`
  const signature = createHmac('sha256', Buffer.from(azure.key, 'base64')).update(text).digest('base64')
  const headers = {
    Authorization: `SharedKeyLite ${azure.account}:${signature}`,
    Date: date,
    'x-ms-version': '2019-02-02',
    'Content-Type': 'application/json',
    Accept: 'application/json;odata=nometadata',
    Prefer: 'return-no-content',
  }
  return { method: 'POST', path: `/${azure.account}/${path}`, headers, body }
}

const recipes: Readonly<Record<string, Entry>> = {
  plain: { repeats: true, recipe: () => [{ method: 'GET', path: '/' }] },
  'associate random': { repeats: false, service: 'chime', recipe: associateSome },
  'associate neighbouring': {
    repeats: false,
    service: 'chime',
    recipe: (index) => [associate(userIdAt(index), phoneNumberAt(index))],
  },
  'associate and disassociate': { repeats: true, service: 'chime', recipe: associateAndDisassociate },
  GetUser: { repeats: true, service: 'chime', recipe: (index, plan) => [getUser(someUser(index, plan))] },
  GetPhoneNumber: {
    repeats: true,
    service: 'chime',
    recipe: (index, plan) => [getPhoneNumber(someNumber(index, plan))],
  },
  ListPhoneNumbers: {
    repeats: true,
    service: 'chime',
    recipe: (_, { token }) => [listPhoneNumbers(`max-results=99${token === undefined ? '' : `&next-token=${token}`}`)],
  },
  mixed: {
    repeats: true,
    service: 'chime',
    recipe: (index, plan) => [
      ...associateSome(index, plan),
      getUser(someUser(index, plan)),
      getPhoneNumber(someNumber(index, plan)),
      listPhoneNumbers('max-results=20'),
      createUser(`user ${index}`),
      disassociate(someUser(index, plan)),
    ],
  },
  CreateTable: {
    repeats: false,
    service: 'dynamodb',
    recipe: () => [
      dynamodb('CreateTable', {
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    ],
  },
  PutItem: {
    repeats: false,
    service: 'dynamodb',
    recipe: (index) => [
      dynamodb('PutItem', { Item: { id: { S: userIdAt(index) }, number: { S: phoneNumberAt(index) } } }),
    ],
  },
  'create Azure table': { repeats: false, recipe: () => [insertEntity('Tables', { TableName: 'bench' })] },
  'insert entity': {
    repeats: false,
    recipe: (index) => [insertEntity('bench', { PartitionKey: 'users', RowKey: userIdAt(index) })],
  },
  'mocked GetUser': {
    repeats: true,
    recipe: () => [{ method: 'GET', path: user(userIdAt(0)), headers: { Authorization: 'anything' } }],
  },
}

function requireRecipe(name: string): Entry {
  const entry = recipes[name]
  if (!entry) throw new Error(`There is no recipe ${name}`)
  return entry
}

export const repeats = ({ recipe }: Plan): boolean => requireRecipe(recipe).repeats

/** The requests for the item at `index`, signed now. */
export function writeRequests(index: number, plan: Plan): Buffer[] {
  const { recipe, service } = requireRecipe(plan.recipe)
  return recipe(index, plan).map((message) => writeRequest(message, plan, service))
}

function writeRequest({ method, path, headers = {}, body }: Message, plan: Plan, service: Entry['service']): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body)
  const { host } = new URL(plan.url)
  const typed = text === '' ? headers : { 'Content-Type': 'application/json', ...headers }
  const sent = service
    ? sign({ method, path, host, headers: typed, ...(text !== '' && { body: text }) }, service, plan)
    : { ...typed, Host: host, 'Content-Length': Buffer.byteLength(text) }
  const fields = Object.entries(sent).map(([name, value]) => `${name}: ${String(value)}`)
  return Buffer.from([`${method} ${path} HTTP/1.1`, ...fields, '', text].join('\r\n'))
}

function sign(request: aws4.Request, service: string, { credentials }: Plan) {
  return aws4.sign({ ...request, service, region: 'us-east-1' }, credentials).headers ?? {}
}
