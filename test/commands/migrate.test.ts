/** The command `belfry migrate`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, expect, test } from 'vitest'
import { folderOfTest } from '../support/folder.ts'
import { runBelfry } from '../support/process.ts'

let folder: string

beforeEach(() => {
  folder = folderOfTest()
})

const migrate = (...args: string[]) => runBelfry(['migrate', ...args], { cwd: folder })

test('belfry migrate creates a database, prints each migration, and does nothing the second time', async () => {
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

test("belfry migrate refuses another program's database", async () => {
  const database = new DatabaseSync(join(folder, 'other.db'))
  database.exec('CREATE TABLE t (x)')
  database.close()
  expect(await migrate('--database', 'sqlite:other.db')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'belfry: The database sqlite:other.db holds tables of another program, not a Belfry database.\n',
  })
})
