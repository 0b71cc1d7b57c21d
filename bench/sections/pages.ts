import { z } from 'zod'
import type { Bench, Goal, Row, Section } from '../types.ts'
import { credentials } from '../data.ts'
import { makeDatabase, removeDatabase } from '../databases.ts'
import { underLoad } from '../rounds.ts'
import { measureRows, ratioBetween } from '../rows.ts'
import { startBelfry } from '../servers/belfry.ts'
import { signedFetch } from '../signed-fetch.ts'

const label = { first: 'ListPhoneNumbers, first page of 99', last: 'ListPhoneNumbers, last full page of 99' }

export async function measurePages(bench: Bench): Promise<Section> {
  const { large } = bench.sizes
  const file = await makeDatabase(bench, 'pages', large)
  const { url, stop } = await startBelfry(`sqlite:${file}`, bench.folder)
  const token = await findLastPage(url)
  const load = { url, recipe: 'ListPhoneNumbers', population: large, credentials }
  const rows = await measureRows(bench, [
    underLoad(label.first, bench.generator, load),
    underLoad(label.last, bench.generator, { ...load, token }),
  ])
  await stop()
  removeDatabase(file)
  return { title: 'Listing', about: about(large), rows, goals: goals(rows), notes: [] }
}

/** Reads page after page, as a client would, and returns the token of the last full page. */
async function findLastPage(url: string): Promise<string> {
  const tokens: string[] = []
  let { PhoneNumbers, NextToken } = await fetchPage(url)
  while (NextToken !== null && PhoneNumbers.length === pageSize) {
    tokens.push(NextToken)
    ;({ PhoneNumbers, NextToken } = await fetchPage(url, NextToken))
  }
  const last = tokens.at(PhoneNumbers.length === pageSize ? -1 : -2)
  if (last === undefined) throw new Error('There is only one full page')
  return last
}

const pageSize = 99

const Page = z.object({ PhoneNumbers: z.array(z.unknown()), NextToken: z.string().nullable() })

async function fetchPage(url: string, token?: string) {
  const path = `/phone-numbers?max-results=${pageSize}${token === undefined ? '' : `&next-token=${token}`}`
  return Page.parse(await signedFetch(url, credentials, { path }))
}

const about = (count: number) =>
  `Out of ${count.toLocaleString('en')} numbers. The last page is reached by reading all pages before it, as a client would.`

const goals = (rows: readonly Row[]): Goal[] => [
  {
    label: 'Time for the last page relative to the first',
    value: ratioBetween(rows, label.first, label.last),
    atMost: 1.2,
    unit: '×',
  },
]
