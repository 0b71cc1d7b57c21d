/**
 * Runs the sample commands of cli-samples.txt with the unmodified AWS CLI, each section against a new server that has
 * the resources that the commands name. Needs aws 2.9 or newer. Ends with the line `N passed, N failed`.
 */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { chimeContracts } from '../../src/domains/contracts.ts'
import { type Belfry, startServer } from '../../src/server.ts'
import { insertSampleData } from './sample-data.ts'

type AccountType = Parameters<typeof insertSampleData>[2]

interface Sample {
  argv: readonly string[]
  /** Members of the printed output; empty if the command prints nothing. */
  prints: readonly string[]
  /** The error with which the command fails. */
  error: string | undefined
}

interface Printed {
  code: number
  stdout: string
  stderr: string
}

const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'the-secret-of-the-samples' }

const text = readFileSync(join(import.meta.dirname, 'cli-samples.txt'), 'utf8')
const sections = [...text.matchAll(/^\[(?<type>\w+)\]\n(?<lines>(?:.+\n)+)/gm)].map(({ groups }) => ({
  type: groups?.['type'] as AccountType,
  samples: (groups?.['lines'] ?? '').split('\n').filter(isCommand).map(readSample),
}))
const lambda = await startLambda()
const failures = [...findMissing(), ...(await Promise.all(sections.map(runSection))).flat()]
const count = sections.flatMap(({ samples }) => samples).length
for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`)
process.stdout.write(`${count - failures.length} passed, ${failures.length} failed\n`)
process.exitCode = failures.length > 0 ? 1 : 0
lambda.close()

function isCommand(line: string) {
  return line !== '' && !line.startsWith('#')
}

function readSample(line: string): Sample {
  const [, command = '', prints = '', error] = /^(.*?)(?: => (.*))?(?: !! (.*))?$/.exec(line) ?? []
  return { argv: command.split(' '), prints: prints.split(' ').filter((name) => name !== ''), error }
}

/** Reports operations without a sample command. */
function findMissing(): string[] {
  const commands = new Set(sections.flatMap(({ samples }) => samples.map(({ argv }) => argv[0])))
  const names = Object.keys(chimeContracts)
  return names.filter((name) => !commands.has(toCommand(name))).map((name) => `there is no sample for ${name}`)
}

/** Returns the command of an operation: `reset-personal-pin` for `ResetPersonalPIN`. */
function toCommand(name: string) {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
}

/** Runs the commands in order, because they depend on each other. Returns the failures. */
async function runSection({ type, samples }: (typeof sections)[number]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-samples-'))
  const belfry = await start(folder, type)
  const wrong: string[] = []
  for (const sample of samples) {
    const fault = findFault(sample, await aws(belfry, sample.argv))
    if (fault !== undefined) wrong.push(`${sample.argv.join(' ')}: ${fault}`)
    await belfry.runJobs()
  }
  await belfry.close()
  rmSync(folder, { recursive: true })
  return wrong
}

/** Starts a Lambda endpoint on which every function can be invoked. */
async function startLambda(): Promise<Server> {
  const server = createServer((_, response) => response.writeHead(204).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Starts a server without delays, so that an order is complete before the next command. */
function start(folder: string, type: AccountType): Promise<Belfry> {
  const config = readConfig(
    {},
    {
      PORT: '0',
      DATABASE: `sqlite:${join(folder, 'belfry.db')}`,
      SEALING_KEY_FILE: join(folder, 'sealing.key'),
      ROOT_ACCESS_KEY_ID: key.accessKeyId,
      ROOT_SECRET_ACCESS_KEY: key.secretAccessKey,
      LAMBDA_ENDPOINT: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
      ORDER_DELAY_MS: '0',
      CALLING_NAME_DELAY_MS: '0',
      LOG_LEVEL: 'error',
    },
  )
  return startServer(config, {
    prepare: (database, awsAccountId, now) => database.write((db) => insertSampleData(db, awsAccountId, type, now)),
  })
}

function aws({ url }: Belfry, argv: readonly string[]): Promise<Printed> {
  const args = ['--endpoint-url', url, '--region', 'us-east-1', '--output', 'json', 'chime', ...argv]
  const env = {
    PATH: process.env['PATH'],
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  }
  return new Promise((resolve) => {
    const child = execFile('aws', args, { env }, (error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? 1, stdout, stderr: stderr || (error?.message ?? '') }),
    )
  })
}

function findFault({ prints, error }: Sample, { code, stdout, stderr }: Printed): string | undefined {
  if (error !== undefined) return stderr.includes(`(${error})`) ? undefined : `wanted ${error}, got ${stdout}${stderr}`
  if (code !== 0) return `exit code ${code}: ${stderr.trim()}`
  if (prints.length === 0) return stdout === '' ? undefined : `printed ${stdout}`
  const answer = JSON.parse(stdout) as Record<string, unknown>
  const fits = prints.every((name) => (name.endsWith('Errors') ? isEmpty(answer[name]) : Object.hasOwn(answer, name)))
  return fits ? undefined : `wanted ${prints.join(', ')}, got ${stdout}`
}

/** Whether the errors of a batch are empty, as in the samples. */
function isEmpty(list: unknown) {
  return Array.isArray(list) && list.length === 0
}
