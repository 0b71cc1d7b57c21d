/** SQLite databases with test data. Each size is generated once and then copied. */
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './types.ts'
import { seed } from './data.ts'

/** Returns the path of a new database. Its pages are synced, so the kernel does not write them during a measurement. */
export async function makeDatabase({ folder, print }: Pick<Bench, 'folder' | 'print'>, name: string, count: number) {
  const template = join(folder, `template-${count}.db`)
  if (!existsSync(template)) {
    print(`  seeding ${count} users and numbers`)
    await seed(`sqlite:${template}`, count)
  }
  const file = join(folder, `${name}.db`)
  copyFileSync(template, file)
  sync(file)
  return file
}

function sync(file: string) {
  const descriptor = openSync(file, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
}
