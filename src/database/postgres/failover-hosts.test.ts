import { describe, expect, test } from 'vitest'
import { createHosts, listHosts } from './failover-hosts.ts'

describe('listHosts', () => {
  test.each([
    ['postgres://one/name', ['postgres://one/name']],
    [
      'postgres://ann:p%40ss@one:1,two:2/name?sslmode=require',
      ['postgres://ann:p%40ss@one:1/name?sslmode=require', 'postgres://ann:p%40ss@two:2/name?sslmode=require'],
    ],
    ['postgres://a,b@[::1]:1,two', ['postgres://a,b@[::1]:1', 'postgres://a,b@two']],
    ['postgres://one/a,b', ['postgres://one/a,b']],
  ])('reads the hosts of %s', (url, hosts) => expect(listHosts(url)).toEqual(hosts))
})

test('each host is tried once, beginning with the host that served last', async () => {
  const hosts = createHosts(['one', 'two', 'three'])
  const tried: string[] = []
  const connect = (good: string) => async () => {
    tried.push(hosts.current())
    if (hosts.current() !== good) throw new Error('no')
    return good
  }
  expect(await hosts.tryEach(connect('three'))).toBe('three')
  expect(await hosts.tryEach(connect('three'))).toBe('three')
  await expect(hosts.tryEach(connect('nobody'))).rejects.toThrow('no')
  expect(tried).toEqual(['one', 'two', 'three', 'three', 'three', 'one', 'two'])
})
