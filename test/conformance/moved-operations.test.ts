/** Where operations of older models went, compared with the model of 2021 and those of its successors in an old SDK. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chimeContracts } from '../../src/domains/contracts.ts'
import { movedTo } from '../../src/service/unknown-operation.ts'

const successors = {
  'chime-sdk-identity': '2021-04-20',
  'chime-sdk-media-pipelines': '2021-07-15',
  'chime-sdk-meetings': '2021-07-15',
  'chime-sdk-messaging': '2021-05-15',
  'chime-sdk-voice': '2022-08-03',
}

interface Model {
  operations: Record<string, { http: { method?: string; requestUri: string } }>
}

/** The operations of an API by name, each with its address, in which the names of labels are left out. */
function readModel(name: string): Map<string, string> {
  const file = join(import.meta.dirname, `../../node_modules/aws-sdk/apis/${name}.min.json`)
  const { operations } = JSON.parse(readFileSync(file, 'utf8')) as Model
  const addresses = Object.entries(operations).map(([operation, { http }]) => {
    const address = `${http.method ?? 'POST'} ${http.requestUri.replaceAll(/\{\w+\}/g, '{}')}`
    return [operation, address] as const
  })
  return new Map(addresses)
}

const models = Object.entries(successors).map(([api, version]) => [api, readModel(`${api}-${version}`)] as const)
const removed = [...readModel('chime-2018-05-01')].filter(([name]) => !Object.hasOwn(chimeContracts, name))

/** The APIs that have an operation of this name, or at this address. */
const apisOf = (name: string, address: string) =>
  models.filter(([, model]) => model.has(name) || [...model.values()].includes(address)).map(([api]) => api)

test('the APIs named for a path are those that have its operations now', () => {
  const bySegment = Map.groupBy(removed, ([, address]) => address.split(/[ /?]+/)[1] ?? '')
  const apis = [...bySegment].map(
    ([segment, found]) =>
      [segment, [...new Set(found.flatMap(([name, address]) => apisOf(name, address)))].toSorted()] as const,
  )
  expect(removed).toHaveLength(129)
  expect(new Map(apis)).toEqual(movedTo)
})
