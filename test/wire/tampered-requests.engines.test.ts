/** Requests that were changed after signing, or whose signature is malformed, are refused. */
import { expect, test } from 'vitest'
import { useBelfry } from '../support/belfry.ts'
import { send } from '../support/raw.ts'
import {
  type Change,
  createSigner,
  incomplete,
  invalid,
  mismatch,
  removeHeader,
  replaceInAuthorization,
  setHeader,
} from '../support/signing.ts'

const { belfry, tenant } = await useBelfry({ REGIONS: 'us-east-1,eu-west-1' })
const { sign } = createSigner(belfry, tenant)

const account = { method: 'POST', path: '/accounts', body: '{"Name":"Mine"}' }

test.each<[string, Change, string, string | RegExp, number?]>([
  [
    'no Authorization header',
    removeHeader('Authorization'),
    'MissingAuthenticationTokenException',
    /^Missing Authentication Token$/,
  ],
  ['a bearer token', setHeader('Authorization', 'Bearer x'), 'MissingAuthenticationTokenException', 'Missing'],
  [
    'a signature of version 2',
    setHeader('Authorization', 'AWS AKID:c2ln'),
    'MissingAuthenticationTokenException',
    'Missing',
  ],
  [
    'signatures in the header and in the query',
    (it) => ({ ...it, path: '/accounts?X-Amz-Algorithm=AWS4-HMAC-SHA256' }),
    invalid,
    /^Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header\.$/,
  ],
  [
    'no Credential',
    replaceInAuthorization(/Credential=[^,]+, /, ''),
    incomplete,
    /^Authorization header requires 'Credential' parameter\.$/,
  ],
  [
    'no SignedHeaders',
    replaceInAuthorization(/SignedHeaders=[^,]+, /, ''),
    incomplete,
    /^Authorization header requires 'SignedHeaders' parameter\.$/,
  ],
  [
    'no Signature',
    replaceInAuthorization(/, Signature=.*/, ''),
    incomplete,
    /^Authorization header requires 'Signature' parameter\.$/,
  ],
  [
    'no date',
    removeHeader('X-Amz-Date'),
    incomplete,
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
  ],
  [
    'a parameter without =',
    replaceInAuthorization('Signature=', 'Signature'),
    incomplete,
    'not a valid key=value pair (missing equal-sign) in Authorization header',
  ],
  [
    'a duplicate parameter',
    replaceInAuthorization('Signature=', 'Signature=0, Signature='),
    incomplete,
    "more than one 'Signature'",
  ],
  [
    'a date in another format',
    setHeader('X-Amz-Date', '2026-11-24T00:00:00Z'),
    incomplete,
    "Date must be in ISO-8601 'basic format'. Got '2026-11-24T00:00:00Z'.",
  ],
  [
    'an impossible date',
    setHeader('X-Amz-Date', '20261399T996199Z'),
    incomplete,
    "Date must be in ISO-8601 'basic format'.",
  ],
  [
    'a host that is not signed',
    replaceInAuthorization('host;', ''),
    invalid,
    /^'Host' must be a 'SignedHeader' in the AWS Authorization\.$/,
  ],
  [
    'a signed header that is absent',
    replaceInAuthorization('host;', 'host;x-none;'),
    invalid,
    "Signed header 'x-none' is missing",
  ],
  [
    'another algorithm',
    replaceInAuthorization('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'),
    incomplete,
    "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'",
  ],
  [
    'a credential of four parts',
    replaceInAuthorization('/chime/', '/'),
    incomplete,
    'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got',
  ],
  [
    'another region',
    replaceInAuthorization('/us-east-1/', '/ap-south-1/'),
    invalid,
    "Credential should be scoped to a valid region, not 'ap-south-1'.",
  ],
  [
    'another service',
    replaceInAuthorization('/chime/', '/s3/'),
    invalid,
    /^Credential should be scoped to correct service: 'chime'\.$/,
  ],
  [
    'another terminator',
    replaceInAuthorization('/aws4_request', '/aws4'),
    invalid,
    "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'.",
  ],
  [
    'another day in the credential scope',
    replaceInAuthorization(/\/\d{8}\//, '/20200101/'),
    invalid,
    'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
  ],
  [
    'an unknown key',
    replaceInAuthorization(/=\w+\//, '=AKIDUNKNOWN/'),
    'UnrecognizedClientException',
    /^The security token included in the request is invalid\.$/,
  ],
  ['a key named __proto__', replaceInAuthorization(/=\w+\//, '=__proto__/'), 'UnrecognizedClientException', 'invalid'],
  ['another method', (it) => ({ ...it, method: 'PUT' }), invalid, mismatch],
  ['another path', (it) => ({ ...it, path: '/account' }), invalid, mismatch],
  ['another query', (it) => ({ ...it, path: '/accounts?a=b' }), invalid, mismatch],
  ['another body', (it) => ({ ...it, body: '{"Name":"Evil"}' }), invalid, mismatch],
  ['another signed header', setHeader('Content-Type', 'application/json; charset=utf-8'), invalid, mismatch],
  ['another host', setHeader('Host', 'chime.us-east-1.amazonaws.com'), invalid, mismatch],
  ['a changed letter in the signature', replaceInAuthorization(/.$/, 'g'), invalid, mismatch],
  [
    'a signature in upper case',
    (it) =>
      replaceInAuthorization(
        /Signature=.*/,
        (it.headers?.['Authorization'] ?? '').replace(
          /.*(Signature=)(.*)/,
          (_, name: string, value: string) => name + value.toUpperCase(),
        ),
      )(it),
    invalid,
    mismatch,
  ],
  ['a truncated signature', replaceInAuthorization(/.{8}$/, ''), invalid, mismatch],
  [
    'a session token for a long-term key',
    setHeader('X-Amz-Security-Token', 'x'),
    'UnrecognizedClientException',
    'invalid',
  ],
  ['a wrong body hash that is not signed', setHeader('X-Amz-Content-Sha256', '0'.repeat(64)), invalid, mismatch],
  [
    'an unsigned payload',
    setHeader('X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'),
    'MalformedHttpRequestException',
    'SHA-256',
    400,
  ],
  [
    'a streamed payload',
    setHeader('X-Amz-Content-Sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'),
    'MalformedHttpRequestException',
    'SHA-256',
    400,
  ],
])('a request with %s is refused', async (_, change, name, message, status = 403) => {
  const answer = await send(belfry.url, change(sign({ ...account, headers: { 'Content-Type': 'application/json' } })))
  expect({ status: answer.status, name: answer.headers['x-amzn-errortype'] }).toEqual({ status, name })
  expect(Object.keys(answer.json)).toEqual(['message'])
  expect(answer.json['message']).toMatch(message)
  expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f]{8}-/)
  expect(answer.body).not.toContain('Signature=')
})
