import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '../primitives/make-folder.ts'

/** A sealing key that is unusable or the wrong one; the message is one sentence for the operator. */
export class SealError extends Error {}

/** Encrypts secrets at rest: AES-256-GCM, bound to the name of the secret. */
export interface Sealer {
  seal(name: string, secret: string): string
  /** Throws `SealError` if the text was sealed with another key, or was changed. */
  unseal(name: string, sealed: string): string
}

const algorithm = 'aes-256-gcm'

export function createSealer(key: Buffer): Sealer {
  return {
    seal(name, secret) {
      const iv = randomBytes(12)
      const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(name))
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64')
    },
    unseal(name, sealed) {
      try {
        return decrypt(key, name, Buffer.from(sealed, 'base64'))
      } catch (error) {
        throw new SealError('The secrets in the database were sealed with another sealing key.', { cause: error })
      }
    },
  }
}

function decrypt(key: Buffer, name: string, sealed: Buffer) {
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, 12)).setAAD(Buffer.from(name))
  decipher.setAuthTag(sealed.subarray(12, 28))
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
}

/** Reads the 32 bytes (base64) in `file`, or creates it, readable by its owner alone. Throws `SealError`. */
export function readOrMakeKey(file: string): Buffer {
  try {
    if (!existsSync(file)) makeKey(file)
  } catch (error) {
    throw unusable(file, error)
  }
  return readKey(file)
}

/** Reads the key of an existing file. Throws `SealError`. */
export function readKey(file: string): Buffer {
  try {
    return parseKey(readFileSync(file, 'utf8'))
  } catch (error) {
    throw unusable(file, error)
  }
}

const unusable = (file: string, error: unknown) =>
  new SealError(`The sealing key ${file} cannot be used: ${(error as Error).message}.`, { cause: error })

function makeKey(file: string) {
  makeFolder(dirname(file))
  writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true, flag: 'wx' })
}

function parseKey(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== 32) throw new Error('it does not hold 32 bytes in base64')
  return key
}
