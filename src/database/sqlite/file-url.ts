import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** @param query parameters of SQLite, such as `mode=rw` */
export const toUrl = (file: string, query: string): URL => new URL(`${pathToFileURL(resolve(file)).href}?${query}`)
