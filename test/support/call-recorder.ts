/** Keeps what clients called and what came back, to be held against what is stored in the end. */
import type { ChimeServiceException } from '@aws-sdk/client-chime'

export interface Call {
  /** The published name of the operation. */
  name: string
  input: Members
  output: Members
  /** By the clock of this machine, in milliseconds; a call without an answer has no end. */
  begin: number
  end: number
  /** A call that broke off, or was answered 5xx, may have had its effect or not. */
  outcome: 'done' | 'refused' | 'unknown'
  status: number | undefined
  requestId: string | undefined
  message: string
}

export type Members = Readonly<Record<string, unknown>>

export interface Witness {
  calls: Call[]
  /** Sends one call and notes it down; never rejects. */
  note(name: string, input: Members, send: () => Promise<object>): Promise<Call>
}

export function createWitness(): Witness {
  const calls: Call[] = []
  return {
    calls,
    async note(name, input, send) {
      const begin = Date.now()
      const call = { name, input, begin, end: Infinity, output: {}, message: '' }
      const noted = await send().then(
        (output): Call => ({ ...call, output: { ...output }, ...ending(output, 'done') }),
        (error: Error): Call => ({ ...call, message: error.message, ...refusal(error) }),
      )
      calls.push(noted)
      return noted
    },
  }
}

type Ending = Pick<Call, 'end' | 'outcome' | 'status' | 'requestId'>
type Metadata = ChimeServiceException['$metadata']

function ending(answer: { $metadata?: Metadata }, outcome: Call['outcome']): Ending {
  const { httpStatusCode: status, requestId } = answer.$metadata ?? {}
  return { end: outcome === 'unknown' ? Infinity : Date.now(), outcome, status, requestId }
}

function refusal(error: object): Ending {
  const answer = error as { $metadata?: Metadata }
  const status = answer.$metadata?.httpStatusCode ?? 0
  return ending(answer, status >= 400 && status < 500 ? 'refused' : 'unknown')
}
