import { join } from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect } from 'vitest'
import { type Tenant, type TestBelfry, useBelfry } from './belfry.ts'
import { afterTests } from './clean-up.ts'
import { type Outcome, runBelfry } from './process.ts'

/** Starts a server on SQLite for the tests of the file, and runs commands of the command line against it. */
export async function useRemoteCommands() {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-remote-'))
  afterTests(() => rmSync(folder, { recursive: true, force: true }))
  const { belfry, tenant } = await useBelfry({ DATABASE: `sqlite:${join(folder, 'belfry.db')}` })
  return { belfry, tenant, folder, ...createCommands(belfry, tenant) }
}

function createCommands(belfry: TestBelfry, tenant: Tenant) {
  const run = (args: string[], caller = tenant): Promise<Outcome> =>
    runBelfry(args, { environment: environmentOf(belfry, caller) })
  /** Returns the output of a command that must succeed. */
  async function done(args: string[], caller = tenant): Promise<string> {
    const { code, stdout, stderr } = await run(args, caller)
    expect([code, stderr]).toEqual([0, ''])
    return stdout
  }
  const json = async (args: string[], caller = tenant) =>
    JSON.parse(await done([...args, '--json'], caller)) as Record<string, unknown>
  /** Returns the cells of a table without its header. */
  async function rows(args: string[], caller = tenant) {
    const lines = (await done(args, caller)).trimEnd().split('\n')
    return lines.slice(1).map((line) => line.split(/ {2,}/))
  }
  /** Returns the exit code and the message of a command that must fail. */
  async function refusal(args: string[]) {
    const { code, stdout, stderr } = await run(args)
    expect(stdout).toBe('')
    return `${code} ${stderr}`
  }
  return { run, done, json, rows, refusal }
}

const environmentOf = ({ url }: TestBelfry, { credentials }: Tenant) => ({
  AWS_ENDPOINT_URL_CHIME: url,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
})
