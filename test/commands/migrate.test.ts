/** The schema, brought up to date by hand. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { runBelfry } from '../support/process.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-migrate-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

const migrate = (...args: string[]) => runBelfry(['migrate', ...args], { cwd: folder })

test('makes a database, says how, and does nothing a second time', async () => {
  const first = await migrate()
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(first.stdout).toMatch(/^Applied 0001-first-light\.\n(?:Applied \d{4}-[a-z-]+\.\n)+$/)
  expect(existsSync(join(folder, 'data/belfry.db'))).toBe(true)
  expect(existsSync(join(folder, 'data/sealing.key'))).toBe(false)
  expect(await migrate()).toEqual({
    code: 0,
    stdout: 'The schema is up to date; there was nothing to do.\n',
    stderr: '',
  })
})

test("refuses another program's database", async () => {
  const database = new DatabaseSync(join(folder, 'other.db'))
  database.exec('CREATE TABLE t (x)')
  database.close()
  expect(await migrate('--database', 'sqlite:other.db')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'belfry: The database sqlite:other.db holds tables of another program, not a Belfry database.\n',
  })
})
