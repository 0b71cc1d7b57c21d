/** The server starts, serves and stops with the least and the most of every setting. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { type SettingName, rangeOf, readConfig, settings } from '../../src/config.ts'
import { startServer } from '../../src/server.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { newDatabase } from '../support/belfry.ts'
import { folderOfTest } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'

type Given = Partial<Record<SettingName, string>>
type Extremes = readonly [Given, Given]

const database = { DATABASE: await newDatabase(), SEALING_KEY: randomBytes(32).toString('base64') }
const long = 'x'.repeat(60)
const longHost = `${long}.${long}.${long}.example`

/** The settings that are not numbers, by hand; leaving one out fails the test. Certificates have tests of their own. */
const extremes: Partial<Record<SettingName, Extremes>> = {
  HOST: [{ HOST: '127.0.0.1' }, { HOST: 'localhost' }],
  DATABASE: [database, { DATABASE: await newDatabase() }],
  AWS_ACCOUNT_ID: [{ AWS_ACCOUNT_ID: '000000000000' }, { AWS_ACCOUNT_ID: '999999999999' }],
  ROOT_ACCESS_KEY_ID: [rootKey(16, 16), rootKey(128, 16)],
  ROOT_SECRET_ACCESS_KEY: [rootKey(20, 16), rootKey(21, 10_000)],
  SEALING_KEY: [database, database],
  SEALING_KEY_FILE: [{ SEALING_KEY_FILE: 'x' }, { SEALING_KEY_FILE: `/${long}/${long}` }], // not read beside SEALING_KEY
  REGIONS: [{ REGIONS: '*' }, { REGIONS: Array(100).fill('us-gov-west-1').join(', ') }],
  RESTRICTED_AWS_ACCOUNTS: [
    { RESTRICTED_AWS_ACCOUNTS: '000000000000' },
    { RESTRICTED_AWS_ACCOUNTS: Array(1000).fill('999999999999').join() },
  ],
  PUBLIC_URL: [{ PUBLIC_URL: 'http://x' }, { PUBLIC_URL: `https://${longHost}:65535/${long}` }],
  WEBHOOK_ALLOW: [{ WEBHOOK_ALLOW: 'x' }, { WEBHOOK_ALLOW: `${longHost},::/0,0.0.0.0/0` }],
  LAMBDA_ENDPOINT: [{ LAMBDA_ENDPOINT: 'http://x' }, { LAMBDA_ENDPOINT: `https://${longHost}:65535/${long}` }],
  SMTP_URL: [{ SMTP_URL: 'smtp://x' }, { SMTP_URL: `smtps://${long}:${long}@${longHost}:65535` }],
  MAIL_FROM: [{ MAIL_FROM: 'a@b' }, { MAIL_FROM: `${long} <${long}@${longHost}>` }],
  METRICS_TOKEN: [{ METRICS_TOKEN: 'x'.repeat(16) }, { METRICS_TOKEN: 'x'.repeat(10_000) }],
}
const withFiles: ReadonlySet<SettingName> = new Set(['TLS_CERT', 'TLS_KEY', 'WEBHOOK_CA_FILE'])

function rootKey(idLength: number, secretLength: number): Given {
  return { ROOT_ACCESS_KEY_ID: 'A'.repeat(idLength), ROOT_SECRET_ACCESS_KEY: 's'.repeat(secretLength) }
}

/** A request may not have less time than its head. */
function atRange(name: SettingName, value: number): Given {
  const given = { [name]: String(value) }
  if (name === 'HEADERS_TIMEOUT_MS') return { ...given, REQUEST_TIMEOUT_MS: '600000' }
  return name === 'REQUEST_TIMEOUT_MS' ? { ...given, HEADERS_TIMEOUT_MS: '100' } : given
}

const choices: Partial<Record<SettingName, readonly string[]>> = {
  CREATE_USER_DIRECTORY_ONLY: ['true', 'false', '1', '0'],
  EXPLAIN_SIGNATURES: ['true', 'false', '1', '0'],
  LOG_LEVEL: ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
  LOG_FORMAT: ['auto', 'json', 'text'],
}

function* listCases(): Generator<[SettingName, Given]> {
  for (const name of Object.keys(settings) as SettingName[]) {
    if (withFiles.has(name)) continue
    const range = rangeOf(settings[name])?.map((value) => atRange(name, value))
    const cases = range ?? extremes[name] ?? choices[name]?.map((value) => ({ [name]: value }))
    if (!cases) throw new Error(`${name} has no extremes`)
    for (const given of cases) yield [name, given]
  }
}

const isServed = async (url: string) => (await fetch(`${url}/ready`)).ok

test.each([...listCases()].filter(([name]) => name !== 'DRAIN_DELAY_MS'))(
  'the server starts and serves with %s as in %j',
  async (_, given) => {
    const config = readConfig({}, { PORT: '0', ...database, ...given })
    const server = await startServer(config, { log: createLog('silent', { write: () => {} }) })
    expect(await isServed(server.url)).toBe(true)
    await server.close()
  },
)

test.each(rangeOf(settings.DRAIN_DELAY_MS) ?? [])('the server starts with a drain delay of %i ms', async (delay) => {
  const server = await startProcess(['serve', '--port', '0', '--drain-delay-ms', String(delay)], {
    cwd: folderOfTest(),
  })
  expect(await isServed(server.url)).toBe(true)
})
