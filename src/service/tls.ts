/** The server's certificate, read from files, and again when they change. */
import { readFileSync, statSync } from 'node:fs'
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Log } from '../telemetry/log.ts'

/** Names of files (PEM): the certificate with its intermediates, and its key. */
export interface CertificateFiles {
  certFile: string
  keyFile: string
}

export interface Certificate {
  cert: Buffer
  key: Buffer
  minVersion: 'TLSv1.2'
}

/** A certificate that cannot be used; the message is one sentence for the operator. */
export class CertificateError extends Error {}

/** Throws `CertificateError`. */
export function readCertificate({ certFile, keyFile }: CertificateFiles): Certificate {
  try {
    const certificate = { cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: 'TLSv1.2' } as const
    // Node itself accepts a pair of which one is RSA and the other is not.
    if (!new X509Certificate(certificate.cert).checkPrivateKey(createPrivateKey(certificate.key)))
      throw new Error('they do not belong together')
    createSecureContext(certificate)
    return certificate
  } catch (error) {
    const reason = describe(error as NodeJS.ErrnoException)
    throw new CertificateError(`The certificate ${certFile} with the key ${keyFile} cannot be used: ${reason}.`, {
      cause: error,
    })
  }
}

/** Certificates (PEM) of additional authorities. Throws `CertificateError`. */
export function readAuthorities(file: string): string {
  try {
    const certificates = readFileSync(file, 'utf8')
    // Node silently ignores a file without a certificate.
    void new X509Certificate(certificates)
    return certificates
  } catch (error) {
    const reason = describe(error as NodeJS.ErrnoException)
    throw new CertificateError(`The certificates ${file} cannot be used: ${reason}.`, { cause: error })
  }
}

/** OpenSSL's own messages help few operators. */
function describe({ code = '', message }: NodeJS.ErrnoException): string {
  return code.startsWith('ERR_OSSL_') ? `they are not what they should be, in PEM (${code})` : message
}

const everyMs = 1_000

/**
 * Calls `take` with each new certificate that can be used. An unusable one, such as a half-replaced pair of files, is
 * logged once and read again. Returns the function that stops watching.
 */
export function watchCertificate(files: CertificateFiles, log: Log, take: (certificate: Certificate) => void) {
  let [taken, refused] = [stateOf(files), '']
  const timer = setInterval(() => {
    const state = stateOf(files)
    if (state === taken) return
    try {
      take(readCertificate(files))
      taken = state
      log.info('the certificate was replaced')
    } catch (error) {
      if (refused !== state) log.error({ err: error }, 'the new certificate cannot be used; the old one stays')
      refused = state
    }
  }, everyMs).unref()
  return () => clearInterval(timer)
}

/** Changes whenever one of the files is replaced or written. */
const stateOf = ({ certFile, keyFile }: CertificateFiles): string => `${stateOfFile(certFile)} ${stateOfFile(keyFile)}`

function stateOfFile(file: string): string {
  try {
    const { dev, ino, size, mtimeMs } = statSync(file)
    return [dev, ino, size, mtimeMs].join()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  }
}
