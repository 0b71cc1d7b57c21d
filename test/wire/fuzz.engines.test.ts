/**
 * Fuzzes every operation with validly signed hostile input. No response is a 5xx, an error that the contract does not
 * list, or slow.
 */
import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Operation } from '../../src/contract/operation.ts'
import { type Shape, bare } from '../../src/contract/shapes.ts'
import { contracts } from '../../src/domains/contracts.ts'
import { basicTime } from '../../src/identity/canonical.ts'
import { useBelfry } from '../support/belfry.ts'
import { changeAccount, givenAssignable, hostileIds } from '../support/given.ts'
import { callBelfry, send, signByHand } from '../support/raw.ts'

const roundsEach = 25

const { belfry, tenant, chime } = await useBelfry()
const { AccountId, UserId, E164PhoneNumber } = await givenAssignable(belfry, tenant)
await changeAccount(belfry, AccountId, { account_type: 'EnterpriseDirectory' })
const { Room } = await chime.createRoom({ AccountId, Name: 'Room' })
await callBelfry(belfry.url, tenant, `PUT /accounts/${AccountId}/domains/fuzz-${tenant.awsAccountId}.example.com`)
/** Ids of existing resources, so that some input passes the first checks. */
const known = [AccountId, UserId, E164PhoneNumber, Room?.RoomId ?? '']

test.each(Object.entries(contracts) as [string, Operation][])(
  '%s withstands hostile input',
  async (name, operation) => {
    const seed = randomInt(2 ** 31)
    const random = generator(seed)
    for (let round = 0; round < roundsEach; round++) {
      const request = hostileRequest(operation, random)
      const time = basicTime(tenant.now())
      const headers = { 'X-Amz-Date': time, 'Content-Type': 'application/json' }
      const started = performance.now()
      const signed = signByHand(belfry.url, tenant.credentials, time, { ...request, headers })
      const { status, headers: answered, json } = await send(belfry.url, signed)
      const context = `${name}, seed ${seed}, round ${round}: ${request.method} ${request.path.slice(0, 300)} ${request.body.slice(0, 300)}`
      expect(status, `${context} -> ${status} ${JSON.stringify(json)}`).toBeLessThan(500)
      if (status >= 400) expect([...operation.errors, ...fromTheEdge], context).toContain(answered['x-amzn-errortype'])
      expect(performance.now() - started, context).toBeLessThan(5_000)
    }
  },
)

/** Errors that a request may get before it is routed to an operation. */
const fromTheEdge = ['UnknownOperationException', 'RequestHeaderFieldsTooLargeException']

/** The generator mulberry32, seeded so that a failure can be reproduced. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const pick = <Item>(items: readonly Item[], random: () => number): Item =>
  items[Math.floor(random() * items.length)] as Item

function hostileRequest({ binding, input }: Operation, random: () => number) {
  const label = () =>
    encodeURIComponent(pick([...known, ...known, ...hostileIds, ...texts(random)], random).toWellFormed())
  const path = binding.segments.map((segment) => (typeof segment === 'string' ? segment : label())).join('/')
  const literals = Object.entries(binding.queryLiterals).map(([name, value]) => `${name}=${value}`)
  const parameters = Object.entries(binding.queryMembers).flatMap(([name, member]) =>
    random() < 0.5 ? [] : [`${name}=${encodeURIComponent(String(value(input.shape[member], random)).toWellFormed())}`],
  )
  const twice = random() < 0.1 ? parameters.slice(0, 1) : []
  const query = [...literals, ...parameters, ...twice].join('&')
  const members = binding.bodyMembers.flatMap((name) =>
    random() < 0.15 ? [] : [[name, value(input.shape[name], random)] as const],
  )
  const body = binding.bodyMembers.length > 0 ? distort(members, random) : ''
  return { method: binding.method, path: `/${path}${query && `?${query}`}`, body }
}

/** Serialises members to JSON, sometimes with distortions that no serialiser writes. */
function distort(members: (readonly [string, unknown])[], random: () => number): string {
  const pairs = members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  const [first = '"a":1'] = pairs
  const distorted: (() => string[])[] = [
    () => [first, ...pairs, first.replace(/:.*/s, ':null')], // members twice
    () => [...pairs, ...hostileNames.map((name) => `${JSON.stringify(name)}:{"a":1}`)],
    () => [...pairs, first.replace(/:.*/s, `:${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
    () => [...pairs, first.replace(/:.*/s, `:${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)],
    () => [...pairs, first.replace(/:.*/s, `:"${'x'.repeat(300_000)}"`)],
    () => [...pairs, first.replace(/:.*/s, `:[${'1,'.repeat(100_000)}1]`)],
    () => [...pairs, first.replace(/:.*/s, ':1e400')],
  ]
  const chosen = random() < 0.1 ? pick(distorted, random)() : pairs
  return `{${chosen.join(',')}}`
}

const hostileNames = ['__proto__', 'constructor', 'prototype', 'toString', '', 'Ünï cörn 😀', '\0']

/** A value that is usually of the right type and sometimes valid. */
function value(shape: Shape | undefined, random: () => number): unknown {
  if (random() < 0.1) return pick(wrong, random)
  const found = shape && bare(shape)
  if (found instanceof z.ZodObject)
    return Object.fromEntries(
      Object.entries(found.shape).map(([name, member]) => [name, value(member as Shape, random)]),
    )
  if (found instanceof z.ZodArray)
    return Array.from({ length: pick([0, 1, 2, 50, 51], random) }, () => value(found.element as Shape, random))
  if (found instanceof z.ZodEnum) return pick([...found.options, 'Other'], random)
  if (found instanceof z.ZodNumber) return pick([0, 1, 99, 100, 5475, -1, 2 ** 31, 1.5], random)
  if (found instanceof z.ZodBoolean) return random() < 0.5
  return pick([...known, ...texts(random)], random)
}

const nested = JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`) as unknown
const wrong = [
  nested,
  { constructor: 1 },
  null,
  true,
  0,
  -1,
  1e308,
  '',
  [],
  {},
  [[]],
  { a: 1 },
  '__proto__',
  ['x'],
  '\ud800',
  '\0',
]

const texts = (random: () => number) => [
  'a@b.c',
  `${'x'.repeat(300)}@example.com`,
  '+12065550100',
  '+442079460000',
  '12065559999',
  '2026-01-01T00:00:00Z',
  'token-1',
  'Ünï cörn 😀',
  "' OR 1=1; --",
  '%',
  '../..',
  'constructor',
  'x'.repeat(1025),
  ' ',
  Array.from({ length: 1000 }, () => String.fromCodePoint(0x4e00 + Math.floor(random() * 0x4000))).join(''),
  Array.from({ length: 250 }, () => String.fromCodePoint(0x1f300 + Math.floor(random() * 0x200))).join(''),
]
