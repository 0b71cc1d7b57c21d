/** Reads the server's certificate again when its files change, and warns when clients refuse it. */
import { statSync } from 'node:fs'
import type { Log } from '../telemetry/log.ts'
import { type Certificate, CertificateError, type CertificateFiles, readCertificate, reasonToRefuse } from './tls.ts'

const everyMs = 1_000

interface WatchOptions {
  files: CertificateFiles
  /** The one in use. */
  certificate: Certificate
  log: Log
  take(certificate: Certificate): void
}

/**
 * Calls `take` with each new certificate that can be used. An unusable one, such as a half-replaced pair of files, is
 * logged once and read again. Returns the function that stops watching.
 */
export function watchCertificate({ files, certificate, log, take }: WatchOptions): () => void {
  let [current, taken, refused] = [certificate, stateOf(files), '']
  const warn = warnOnce(log)
  const look = () => {
    const state = stateOf(files)
    if (state === taken) return
    try {
      current = readBetter(files, current)
      take(current)
      taken = state
      log.info('the certificate was replaced')
    } catch (error) {
      if (refused !== state) log.error({ err: error }, 'the new certificate cannot be used; the old one stays')
      refused = state
    }
  }
  warn(current)
  const timer = setInterval(() => {
    look()
    warn(current)
  }, everyMs).unref()
  return () => clearInterval(timer)
}

/** One that clients refuse does not replace one that they accept. Throws `CertificateError`. */
function readBetter(files: CertificateFiles, current: Certificate): Certificate {
  const now = new Date()
  const next = readCertificate(files)
  const reason = reasonToRefuse(next, now)
  if (reason === undefined || reasonToRefuse(current, now) !== undefined) return next
  throw new CertificateError(`The certificate ${files.certFile} cannot be used: ${reason}.`)
}

/** Returns a function that warns once of each certificate, at the start or when it expires. */
function warnOnce(log: Log) {
  let warned: Certificate | undefined
  return (certificate: Certificate) => {
    if (warned === certificate) return
    const reason = reasonToRefuse(certificate, new Date())
    if (reason === undefined) return
    warned = certificate
    log.warn({ reason }, 'clients refuse the certificate in use')
  }
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
