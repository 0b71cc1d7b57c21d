/** Presigned URLs. */
import { describe, expect, test } from 'vitest'
import { useBelfry } from '../support/belfry.ts'
import { send } from '../support/raw.ts'
import { createSigner, incomplete, invalid } from '../support/signing.ts'

const { belfry, tenant } = await useBelfry({ REGIONS: 'us-east-1,eu-west-1' })
const { presign } = createSigner(belfry, tenant)

describe('a presigned URL is refused if', () => {
  test.each<[string, (path: string) => string, string, string]>([
    ['a parameter was added', (path) => `${path}&max-results=1`, invalid, 'does not match'],
    [
      'the date is missing',
      (path) => path.replace(/X-Amz-Date=[^&]+&/, ''),
      incomplete,
      "AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
    ],
    ['the credential is duplicate', (path) => `${path}&X-Amz-Credential=x`, incomplete, 'more than once'],
    [
      'it is valid for more than seven days',
      (path) => path.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604801'),
      incomplete,
      'X-Amz-Expires',
    ],
    [
      'it is valid for zero seconds',
      (path) => path.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=0'),
      incomplete,
      'X-Amz-Expires',
    ],
  ])('%s', async (_, change, name, message) => {
    const request = presign('/accounts')
    const answer = await send(belfry.url, { ...request, path: change(request.path) })
    expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([403, name])
    expect(answer.json['message']).toContain(message)
  })

  test('it has expired', async () => {
    const request = presign('/accounts', -61_000, 60)
    const answer = await send(belfry.url, request)
    expect(answer.json['message']).toMatch(/^Signature expired: /)
    expect((await send(belfry.url, presign('/accounts', -50_000, 60))).status).toBe(200)
  })
})
