import { expect, test } from 'vitest'
import { badRequest, notFound } from '../contract/errors.ts'
import { awaitAll } from './await-all.ts'

const refused = async (error: Error): Promise<never> => {
  throw error
}

test('all answers, in the order of the questions', async () => {
  expect(await awaitAll(Promise.resolve(1), Promise.resolve('two'))).toEqual([1, 'two'])
})

test('of several that are refused the first counts', async () => {
  const asked = awaitAll(Promise.resolve(1), refused(notFound('User', 'a')), refused(badRequest('b')))
  await expect(asked).rejects.toThrow("Could not find User with Id 'a'")
})

test('a fault counts before a refusal, which may rest on it', async () => {
  const asked = awaitAll(refused(notFound('User', 'a')), refused(new TypeError('a fault')))
  await expect(asked).rejects.toThrow('a fault')
})
