import { Warning } from './check.ts'

const needed = 24
/** In earlier ones `node:sqlite` may return too few columns or too many after a migration (nodejs/node#64219). */
const advised = 22

/** @param version as in `process.version` */
export function lookAtNode(version: string): string {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  if (major < needed) throw new Error(`This is Node.js ${version}; install ${needed} or newer.`)
  if (major === needed && minor < advised)
    throw new Warning(
      `This is Node.js ${version}, in which node:sqlite has a fault (nodejs/node#64219); install ${needed}.${advised} or newer.`,
    )
  return `This is Node.js ${version}.`
}
