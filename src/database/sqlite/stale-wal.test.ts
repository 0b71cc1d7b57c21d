import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claim } from '../../../test/support/domain-claims.ts'
import { folderOfTest } from '../../../test/support/folder.ts'
import { DatabaseError } from '../database.ts'
import { openDatabase, openUnmigrated } from '../open.ts'

/** Writes many rows, and returns the file and its WAL as a crash would have left them. */
async function write(file: string, prefix: string) {
  const database = await openDatabase(`sqlite:${file}`)
  await Promise.all(Array.from({ length: 500 }, (_, index) => database.write(claim(`${prefix}-${index}`))))
  const [content, wal] = [readFileSync(file), readFileSync(`${file}-wal`)]
  await database.close()
  return { content, wal }
}

/** Puts the files there as they were at one moment or another. */
function put(file: string, { content, wal }: Awaited<ReturnType<typeof write>>) {
  writeFileSync(file, content)
  writeFileSync(`${file}-wal`, wal)
}

test('a file is opened with its own WAL', async () => {
  const file = join(folderOfTest(), 'belfry.db')
  put(file, await write(file, 'a'))
  const database = await openDatabase(`sqlite:${file}`)
  const rows = await database.read((db) => db.selectFrom('account_domains').select('domain').execute())
  expect(rows).toHaveLength(500)
  await database.close()
})

test('the WAL of another database is refused, and neither file is changed', async () => {
  const folder = folderOfTest()
  const [file, other] = [join(folder, 'belfry.db'), join(folder, 'other.db')]
  const { content } = await write(file, 'a')
  const { wal } = await write(other, 'b')
  put(file, { content, wal })
  for (const open of [openDatabase, openUnmigrated])
    await expect(open(`sqlite:${file}`)).rejects.toThrow(/^has the log of another database beside it, /)
  expect(readFileSync(file).equals(content)).toBe(true)
  expect(readFileSync(`${file}-wal`).equals(wal)).toBe(true)
})

test('a WAL of a later moment is refused, and neither file is changed', async () => {
  const file = join(folderOfTest(), 'belfry.db')
  const { content } = await write(file, 'a')
  await write(file, 'b')
  const { wal } = await write(file, 'c')
  put(file, { content, wal })
  const refusal = await openDatabase(`sqlite:${file}`).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(DatabaseError)
  expect((refusal as Error).message).toMatch(/^is damaged, or its log \S+-wal is of another file or a later moment \(/)
  expect(readFileSync(file).equals(content)).toBe(true)
  expect(readFileSync(`${file}-wal`).equals(wal)).toBe(true)
})
