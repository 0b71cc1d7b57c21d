/** A process that ends while it makes or upgrades its tables leaves a database that the next start takes up, with all data. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { readEveryRow } from '../../../test/support/every-row.ts'
import { createFaultyDisk, requireDisk } from '../../../test/support/faulty-disk.ts'
import { folderOfTest } from '../../../test/support/folder.ts'
import { makeOldDatabase } from '../../../test/support/old-database.ts'
import { runBelfry } from '../../../test/support/process.ts'
import { describeSchema } from '../../../test/support/schema.ts'
import { listFailedChecks, serve } from '../../../test/support/server-process.ts'
import { signalAt } from '../../../test/support/signal-at-statement.ts'
import { beforeEachStatement } from '../../../test/support/statements.ts'
import { openMigrated, openUnmigrated } from '../open.ts'
import { migrations } from './migrate.ts'

const [beforeAssignments, beforePrincipals] = ['0009-invitation-mails', '0010-assignment-indexes'] as const
const beginnings = ['nothing', ...Object.keys(migrations).slice(0, -1)]

test.each(beginnings)('a kill before any statement that migrates from %s loses nothing', async (last) => {
  const file = await makeDatabase(last)
  const undisturbed = await migrate(copyOf(file))
  const copies = await copyBeforeEachStatement(file)
  for (const copy of copies) expect(await migrate(copy)).toEqual(undisturbed)
  expect(await migrate(file)).toEqual(undisturbed)
})

test.each(beginnings)('an error of any statement that migrates from %s leaves everything as it was', async (last) => {
  const file = await makeDatabase(last)
  const undisturbed = await migrate(copyOf(file))
  const before = await schemaOf(file)
  for (let failing = 1; await failsAtStatement(file, failing); failing++)
    expect([before, undisturbed.schema]).toContainEqual(await schemaOf(file))
  expect(await migrate(file)).toEqual(undisturbed)
})

test.each(['create table "users"', 'commit', 'PRAGMA journal'])(
  'a first start that is killed before "%s" is taken up by the next one',
  async (statement) => {
    const url = `sqlite:${await makeDatabase('nothing')}`
    await expect(serve(url, signalAt(statement, 'SIGKILL'))).rejects.toThrow('exit code null')
    const server = await serve(url)
    expect(await server.end('SIGTERM')).toBe(0)
    expect(await listFailedChecks(url)).toEqual([])
  },
)

test.each([
  [beforeAssignments, 'drop table "assignments_before"'],
  [beforePrincipals, 'insert into access_keys'],
  [beforePrincipals, 'commit'],
])('an upgrade from %s that is killed before "%s" is taken up by the next one', async (last, statement) => {
  const file = await makeDatabase(last)
  const undisturbed = await migrate(copyOf(file))
  const killed = signalAt(statement, 'SIGKILL')
  expect(await runBelfry(['migrate', '--database', `sqlite:${file}`], { environment: killed })).toMatchObject({
    code: null,
  })
  expect(await migrate(file)).toEqual(undisturbed)
})

test('a disk that is full during an upgrade changes nothing', async ({ skip }) => {
  const disk = requireDisk(() => createFaultyDisk('full'), skip)
  const file = join(disk.folder, 'belfry.db')
  await makeOldDatabase(file, beforePrincipals)
  const undisturbed = await migrate(copyOf(file))
  const upgrade = () => runBelfry(['migrate', '--database', `sqlite:${file}`], { environment: disk.environment })
  // Another connection keeps the log in existence, so that the database can still be opened.
  const other = new DatabaseSync(file)
  onTestFinished(() => other.close())
  other.exec('select name from accounts')
  disk.fail()
  const sentence = `belfry: The database sqlite:${file} cannot be used: database or disk is full.\n`
  expect(await upgrade()).toEqual({ code: 1, stdout: '', stderr: sentence })
  disk.mend()
  expect(await upgrade()).toMatchObject({ code: 0, stderr: '' })
  expect(await migrate(file)).toEqual(undisturbed)
})

/** Returns the name of its file, which does not exist if the database is to begin with nothing. */
async function makeDatabase(last: string): Promise<string> {
  const file = join(folderOfTest(), 'belfry.db')
  if (last !== 'nothing') await makeOldDatabase(file, last)
  return file
}

async function migrate(file: string) {
  const { connection, database } = await openMigrated(`sqlite:${file}`)
  try {
    return { schema: await describeSchema(connection), rows: await database.read(readEveryRow) }
  } finally {
    await database.close()
  }
}

async function schemaOf(file: string): Promise<string[]> {
  if (!existsSync(file)) return []
  const { connection, database } = await openUnmigrated(`sqlite:${file}`)
  try {
    return await describeSchema(connection)
  } finally {
    await database.close()
  }
}

/** Copies the files as a kill would leave them. Copies that are alike are kept once. */
async function copyBeforeEachStatement(file: string): Promise<string[]> {
  const copies = new Map<string, string>()
  const stop = beforeEachStatement(() => {
    const content = parts.map((part) => (existsSync(file + part) ? readFileSync(file + part, 'latin1') : '')).join('\n')
    if (!copies.has(content)) copies.set(content, copyOf(file))
  })
  await migrate(file)
  stop()
  return [...copies.values()]
}

const parts = ['', '-wal', '-journal']

function copyOf(file: string): string {
  const copy = join(folderOfTest(), 'belfry.db')
  for (const part of parts) if (existsSync(file + part)) copyFileSync(file + part, copy + part)
  return copy
}

/** Whether there are so many statements. */
async function failsAtStatement(file: string, failing: number): Promise<boolean> {
  let count = 0
  const stop = beforeEachStatement(() => {
    if (++count === failing) throw new Error('the test fails this statement')
  })
  try {
    await migrate(file)
  } catch (error) {
    expect(String(error)).toContain('the test fails this statement')
  } finally {
    stop()
  }
  return count >= failing
}
