/** Disks that a test can make fail and work again. */
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface FaultyDisk {
  folder: string
  /** Variables for the process whose writes are to fail. */
  environment: Record<string, string>
  /** Whether every write fails. On a full disk, writes that do not extend a file succeed. */
  stopsAll: boolean
  fail(): void
  mend(): void
}

/** The names that `test/support/faulty-disk.c` knows. */
export type DiskFault = 'sync' | 'full' | 'read-only' | 'over-quota' | 'broken'

/** @param folder of an existing disk, to add a fault to it. Returns the reason as a text if there can be no such disk. */
export function createFaultyDisk(how: DiskFault, folder: string = temporaryFolder()): FaultyDisk | string {
  const library = join(folder, 'faulty-disk.so')
  if (!existsSync(library) && !compile(library)) return 'there is no C compiler for the library that injects the faults'
  const flag = join(folder, how)
  return {
    folder,
    environment: { LD_PRELOAD: library, FAULTY_DISK: folder },
    stopsAll: true,
    fail: () => writeFileSync(flag, ''),
    mend: () => rmSync(flag),
  }
}

function compile(library: string): boolean {
  const source = join(import.meta.dirname, 'faulty-disk.c')
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source])
  return process.platform === 'linux' && status === 0
}

/** A small disk that a ballast file can fill. Returns the reason as a text if it cannot be mounted. */
export function createFullDisk(megabytes = 16): FaultyDisk | string {
  const folder = temporaryFolder()
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'belfry', folder]).status !== 0)
    return 'this user may not mount a small disk'
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]))
  const ballast = join(folder, 'ballast')
  return { folder, environment: {}, stopsAll: false, fail: () => fill(ballast), mend: () => rmSync(ballast) }
}

/** @param skip ends the test with the reason why it cannot run */
export function requireDisk(create: () => FaultyDisk | string, skip: (reason: string) => never): FaultyDisk {
  const disk = create()
  return typeof disk === 'string' ? skip(disk) : disk
}

function fill(file: string) {
  const descriptor = openSync(file, 'w')
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4096))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(descriptor)
  }
}

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'belfry-disk-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
