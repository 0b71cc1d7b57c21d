import { type ChimeServiceException, ChimeServiceException as Exception } from '@aws-sdk/client-chime'
import { expect } from 'vitest'

type Refusal = ChimeServiceException & { Code?: string }

/** Returns the error of a refused call; fails the test if the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(outcome, 'the call should be refused').toBeInstanceOf(Exception)
  return outcome as Refusal
}

/** Expects the call to be refused with this error name and status. */
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
