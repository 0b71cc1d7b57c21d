/** The settings that are accepted, and the refusal of those that cannot work. */
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test.each([
  ['MAIL_FROM', 'Belfry <belfry@localhost>'],
  ['MAIL_FROM', 'belfry@example.com'],
  ['MAIL_FROM', '"Bell, Söhne" <bell@example.com>'],
  ['PUBLIC_URL', 'https://chime.example.com:8443/belfry'],
  ['PUBLIC_URL', 'http://[::1]:8080'],
  ['SMTP_URL', 'smtps://user:p%40ss@mail.example.com:465/?tls.rejectUnauthorized=false'],
  ['REGIONS', 'us-east-1, us-gov-west-1,eusc-de-east-1,ap-southeast-2'],
] as const)('%s may be %j', (name, value) => {
  expect(() => readConfig({}, { [name]: value })).not.toThrow()
})

const notOneAddress = 'must be one address, as ann@example.com or Ann <ann@example.com>'
const notAUrl = 'must be a URL of a host with http:// or https://'

test.each([
  ['MAIL_FROM', 'nobody', notOneAddress],
  ['MAIL_FROM', '', notOneAddress],
  ['MAIL_FROM', 'a@b, c@d', notOneAddress],
  ['MAIL_FROM', 'a@b\r\nBcc: c@d', notOneAddress],
  ['MAIL_FROM', 'Ann\r\nBcc: c@d <a@b>', notOneAddress],
  ['MAIL_FROM', 'Ann <a@b> <c@d>', notOneAddress],
  ['PUBLIC_URL', 'https://', notAUrl],
  ['PUBLIC_URL', 'https:x.example', notAUrl],
  ['PUBLIC_URL', 'ftp://x.example', notAUrl],
  ['PUBLIC_URL', 'https://x.example/a b', notAUrl],
  ['PUBLIC_URL', 'https://x.example\n', notAUrl],
  ['PUBLIC_URL', 'https://x.example/?y', 'must be a URL without ? and #'],
  ['PUBLIC_URL', 'https://x.example/#y', 'must be a URL without ? and #'],
  ['PUBLIC_URL', 'https://u:p@x.example', 'must be a URL without a user'],
  ['PUBLIC_URL', 'https://:p@x.example', 'must be a URL without a user'],
  ['LAMBDA_ENDPOINT', 'http://x.example/?y', 'must be a URL without ? and #'],
  ['SMTP_URL', 'smtp://', 'must be a URL of a host with smtp:// or smtps://'],
  ['REGIONS', 'narnia', 'must be regions such as us-east-1, or *'],
  ['REGIONS', 'us-east-1,', 'must be regions such as us-east-1, or *'],
  ['CLOCK_SKEW_SECONDS', '99999999999', 'must be a whole number from 1 to 86400'],
  ['ORDER_DELAY_MS', '-1', 'must be a whole number from 0 to 86400000'],
] as const)('%s may not be %j', (name, value, reason) => {
  expect(() => readConfig({}, { [name]: value })).toThrow(`BELFRY_${name} ${reason}.`)
})
