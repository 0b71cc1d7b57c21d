import { type ChimeServiceException, ChimeServiceException as Exception } from '@aws-sdk/client-chime'
import { expect } from 'vitest'

type Refusal = ChimeServiceException & { Code?: string }

/** The error a call is refused with; fails the test where it is not refused. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(outcome, 'the call should be refused').toBeInstanceOf(Exception)
  return outcome as Refusal
}

/** Expects a refusal with exactly this class and status. */
export async function expectRefusal(
  call: Promise<unknown>,
  name: string,
  status: number,
  message?: string | RegExp,
): Promise<void> {
  const error = await refusal(call)
  expect({ name: error.name, status: error.$metadata.httpStatusCode }).toEqual({ name, status })
  if (message !== undefined) expect(error.message).toMatch(message)
}

export const expectBadRequest = (call: Promise<unknown>, message?: string | RegExp): Promise<void> =>
  expectRefusal(call, 'BadRequestException', 400, message)
export const expectNotFound = (call: Promise<unknown>, message?: string | RegExp): Promise<void> =>
  expectRefusal(call, 'NotFoundException', 404, message)
