/** HTTPS with a certificate from files, which are reloaded while the server runs. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type ConnectionOptions, type TLSSocket, connect } from 'node:tls'
import { generate } from 'selfsigned'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { startServer } from '../../src/server.ts'
import { type TestBelfry, createClient, newDatabase, startBelfry } from '../support/belfry.ts'
import { afterTests } from '../support/clean-up.ts'

const folder = mkdtempSync(join(tmpdir(), 'belfry-tls-'))
afterTests(() => rmSync(folder, { recursive: true, force: true }))
const files = { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') }

interface Validity {
  notBeforeDate?: Date
  notAfterDate?: Date
}

const generatePair = (validity: Validity = {}) =>
  generate([{ name: 'commonName', value: 'localhost' }], {
    ...validity,
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })

/** Replaces the files one after the other, each atomically, as tools that renew certificates do. */
function install(cert: string, key: string) {
  for (const [file, content] of [
    [files.TLS_CERT, cert],
    [files.TLS_KEY, key],
  ] as const) {
    writeFileSync(`${file}.new`, content)
    renameSync(`${file}.new`, file)
  }
}

const first = await generatePair()
install(first.cert, first.private)
const belfry = await startBelfry(files)
const port = Number(new URL(belfry.url).port)

/** The fingerprint of the certificate that the server presents to new connections. */
const shown = () =>
  withConnection({ rejectUnauthorized: false }, (socket) => socket.getPeerCertificate().fingerprint256)

function withConnection<Result>(options: ConnectionOptions, look: (socket: TLSSocket) => Result): Promise<Result> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ...options }, () => {
      resolve(look(socket))
      socket.destroy()
    }).on('error', reject)
  })
}

test('the official SDK connects over TLS and verifies the certificate', async () => {
  expect(belfry.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  const { credentials } = await belfry.tenant()
  const httpsAgent = new Agent({ ca: first.cert, keepAlive: false })
  const chime = createClient(belfry.url, credentials, { requestHandler: { httpsAgent } })
  const { Account } = await chime.createAccount({ Name: 'tls' })
  expect((await chime.listAccounts()).Accounts).toMatchObject([{ AccountId: Account?.AccountId }])
})

test('TLS 1.2 is accepted and TLS 1.1 is refused', async () => {
  const protocolOf = (socket: TLSSocket) => socket.getProtocol()
  const only = (version: 'TLSv1.1' | 'TLSv1.2') => ({
    rejectUnauthorized: false,
    minVersion: version,
    maxVersion: version,
    ciphers: 'DEFAULT@SECLEVEL=0',
  })
  expect(await withConnection(only('TLSv1.2'), protocolOf)).toBe('TLSv1.2')
  await expect(withConnection(only('TLSv1.1'), protocolOf)).rejects.toMatchObject({
    code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  })
})

test('a connection without TLS is closed, and the server keeps running', async () => {
  for (const words of ['GET /ready HTTP/1.1\r\nHost: x\r\n\r\n', '\0'.repeat(100)]) {
    const socket = connectPlain({ port, host: '127.0.0.1' }).on('error', () => {})
    socket.write(words)
    expect(await text(socket).catch(() => '')).not.toContain('HTTP/1.1 200')
  }
  expect(await shown()).toMatch(/^[0-9A-F:]{95}$/)
})

/** Sends a request, and returns whether it reused a connection. */
const reusesConnection = (agent: Agent) =>
  new Promise<boolean>((resolve, reject) => {
    const request = get(`${belfry.url}/ready`, { agent, rejectUnauthorized: false }, (response) => {
      response.resume().on('end', () => resolve(request.reusedSocket))
    }).on('error', reject)
  })

test('a new certificate is used without a restart, and open connections are kept', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  expect(await reusesConnection(agent)).toBe(false)
  const before = await shown()
  const second = await generatePair()
  install(second.cert, second.private)
  await expect.poll(shown, { timeout: 20_000 }).not.toBe(before)
  expect(await reusesConnection(agent)).toBe(true)
  agent.destroy()
})

const refusals = ({ log }: TestBelfry) => log.filter((line) => line.includes('the old one stays')).length

test('an unusable certificate is logged once, and the old one is used until a usable one is installed', async () => {
  const before = await shown()
  const told = refusals(belfry)
  const [third, other] = [await generatePair(), await generatePair()]
  install(third.cert, other.private)
  await expect.poll(() => refusals(belfry), { timeout: 20_000 }).toBeGreaterThan(told)
  const toldNow = refusals(belfry)
  expect(await shown()).toBe(before)
  install(third.cert, third.private)
  await expect.poll(shown, { timeout: 20_000 }).not.toBe(before)
  // One for each state of the files that the server saw: the pair, and perhaps the change of only one file.
  expect(refusals(belfry) - toldNow).toBeLessThanOrEqual(1)
})

const expired = { notBeforeDate: new Date('2019-01-01'), notAfterDate: new Date('2020-01-01') }
const notYetValid = { notBeforeDate: new Date('2090-01-01'), notAfterDate: new Date('2091-01-01') }
const warnings = ({ log }: TestBelfry) => log.filter((line) => line.includes('clients refuse the certificate in use'))

test.each([
  ['that expired', expired, 'it expired at 2020-01-01T00:00:00.000Z'],
  ['that is not valid yet', notYetValid, 'it is not valid before 2090-01-01T00:00:00.000Z'],
])('a certificate %s does not replace a good one, but is replaced by one', async (_, validity, reason) => {
  const before = await shown()
  const outdated = await generatePair(validity)
  install(outdated.cert, outdated.private)
  const told = () => belfry.log.some((line) => line.includes('the old one stays') && line.includes(reason))
  await expect.poll(told, { timeout: 20_000 }).toBe(true)
  expect(await shown()).toBe(before)
  const good = await generatePair()
  install(good.cert, good.private)
  await expect.poll(shown, { timeout: 20_000 }).not.toBe(before)
  expect(warnings(belfry)).toEqual([])
})

test('a server that starts with a certificate that expired warns of it once, and takes a good one', async () => {
  const [cert, key] = [join(folder, 'old-cert.pem'), join(folder, 'old-key.pem')]
  const [outdated, good] = [await generatePair(expired), await generatePair()]
  writeFileSync(cert, outdated.cert)
  writeFileSync(key, outdated.private)
  const server = await startBelfry({ TLS_CERT: cert, TLS_KEY: key })
  writeFileSync(cert, good.cert)
  writeFileSync(key, good.private)
  const isReplaced = () => server.log.some((line) => line.includes('the certificate was replaced'))
  await expect.poll(isReplaced, { timeout: 20_000 }).toBe(true)
  expect(warnings(server)).toEqual([expect.stringContaining('it expired at 2020-01-01T00:00:00.000Z')])
})

describe('the server refuses to start with', () => {
  const refuse = async (settings: Record<string, string>) =>
    startServer(readConfig({}, { PORT: '0', DATABASE: await newDatabase(), ...settings }))

  test('a certificate without a key', async () => {
    await expect(refuse({ TLS_CERT: files.TLS_CERT })).rejects.toThrow(
      /^BELFRY_TLS_CERT and BELFRY_TLS_KEY must be given together\.$/,
    )
  })

  test('unusable files, which it names', async () => {
    const [one, other] = [await generatePair(), await generatePair()]
    const [cert, key, none] = ['a.pem', 'b.pem', 'none.pem'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(cert, one.cert)
    writeFileSync(key, other.private)
    const sentence = (what: string) =>
      new RegExp(`^The certificate \\S+ with the key \\S+ cannot be used: ${what}.*\\.$`)
    await expect(refuse({ TLS_CERT: cert, TLS_KEY: key })).rejects.toThrow(sentence('they do not belong together'))
    await expect(refuse({ TLS_CERT: cert, TLS_KEY: none })).rejects.toThrow(sentence('ENOENT'))
    await expect(refuse({ TLS_CERT: key, TLS_KEY: key })).rejects.toThrow(sentence('they are not what they should be'))
  })
})
