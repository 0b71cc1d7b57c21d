/** SQLite databases with data: each size is made once, and copied. */
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './types.ts'
import { seed } from './data.ts'

/** The path of a database of its own for `name`, on disk to its last page. */
export async function makeDatabase({ folder, say }: Pick<Bench, 'folder' | 'say'>, name: string, count: number) {
  const template = join(folder, `template-${count}.db`)
  if (!existsSync(template)) {
    say(`  putting ${count} users and numbers into a database`)
    await seed(`sqlite:${template}`, count)
  }
  const file = join(folder, `${name}.db`)
  copyFileSync(template, file)
  flush(file)
  return file
}

function flush(file: string) {
  const descriptor = openSync(file, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
}
