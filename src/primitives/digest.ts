/** Secrets that are shown once and kept as a hash. */
import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256 in hex: enough for secrets that are random and long. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Whether it is the secret of the hash; takes as long whatever it is. */
export const isSecretOf = (hash: string, secret: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash))
