import { badRequest } from '../../contract/errors.ts'
import { dayMs, shift } from '../../primitives/time.ts'
import type { OperationSettings } from '../operation.ts'

/** The default calling name may change once in seven days. [documented; class inferred: nothing closer is modelled] */
export function assertCallingNameMayChange(
  updatedAt: string | null,
  now: string,
  { callingNameIntervalDays }: OperationSettings,
): void {
  if (updatedAt === null) return
  const next = shift(updatedAt, callingNameIntervalDays * dayMs)
  if (now < next) throw badRequest(`The default calling name can be changed again from ${next} on`)
}

/** The stored form of a text; the empty string clears the setting. */
export const orNull = (text: string): string | null => (text === '' ? null : text)
