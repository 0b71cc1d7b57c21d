/** The server's certificate, read from files. */
import { readFileSync } from 'node:fs'
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { createSecureContext } from 'node:tls'

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

/** Why clients refuse the certificate at this time, or undefined. */
export function reasonToRefuse({ cert }: Certificate, now: Date): string | undefined {
  const { validFromDate, validToDate } = new X509Certificate(cert)
  if (now < validFromDate) return `it is not valid before ${validFromDate.toISOString()}`
  return now > validToDate ? `it expired at ${validToDate.toISOString()}` : undefined
}
