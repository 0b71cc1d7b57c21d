/** A phone number is the same number in every spelling. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { E164PhoneNumber } from '../../contract/shapes.ts'
import { e164In, phoneNumberId, readPhoneNumberId, toE164 } from './rules.ts'

const digits = fc.stringMatching(/^[1-9]\d{1,14}$/)
const spelling = fc.tuple(fc.constantFrom('', '+', '%2B', '%2b'), digits)
const runs = { numRuns: 500 }

test('every spelling of an id stands for the same number', () => {
  fc.assert(
    fc.property(spelling, ([prefix, digits]) => {
      expect(readPhoneNumberId(prefix + digits)).toBe(`+${digits}`)
    }),
    runs,
  )
})

test('a number in a request body is the same as the number of its id', () => {
  fc.assert(
    fc.property(fc.constantFrom('', '+'), digits, (prefix, digits) => {
      const number = toE164(E164PhoneNumber.parse(prefix + digits))
      expect(number).toBe(`+${digits}`)
      expect(readPhoneNumberId(phoneNumberId(number))).toBe(number)
    }),
    runs,
  )
})

test('a number in E.164 format stays as it is', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        spelling.map((parts) => parts.join('')),
        fc.string({ unit: 'grapheme' }),
      ),
      (text) => {
        const once = e164In(text)
        if (once === undefined) return
        expect(once).toMatch(/^\+[1-9]\d{1,14}$/)
        expect([e164In(once), toE164(once), e164In(phoneNumberId(once))]).toEqual([once, once, once])
      },
    ),
    runs,
  )
})

test('a text that is not a phone number is not turned into one', () => {
  const broken = fc.tuple(spelling, fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat())
  fc.assert(
    fc.property(broken, ([[prefix, digits], insert, at]) => {
      const place = at % (digits.length + 1)
      const text = prefix + digits.slice(0, place) + insert + digits.slice(place)
      fc.pre(!/^(?:\+|%2b)?[1-9]\d{1,14}$/i.test(text))
      expect(e164In(text)).toBeUndefined()
      expect(() => readPhoneNumberId(text)).toThrow('Could not find PhoneNumber')
    }),
    runs,
  )
})
