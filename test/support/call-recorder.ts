/** Records the calls of clients and their outcomes, to be compared with the final state. */
import type { ChimeServiceException } from '@aws-sdk/client-chime'

export interface Call {
  /** The published name of the operation. */
  name: string
  input: Members
  output: Members
  /** In milliseconds, by the local clock. The end of a call without a response is infinite. */
  begin: number
  end: number
  /** The outcome of a call without a response, or with a 5xx, is unknown: it may have taken effect. */
  outcome: 'done' | 'refused' | 'unknown'
  status: number | undefined
  requestId: string | undefined
  message: string
}

export type Members = Readonly<Record<string, unknown>>

export interface CallRecorder {
  calls: Call[]
  /** Sends one call and records it; never rejects. */
  record(name: string, input: Members, send: () => Promise<object>): Promise<Call>
}

export function createCallRecorder(): CallRecorder {
  const calls: Call[] = []
  return {
    calls,
    async record(name, input, send) {
      const begin = Date.now()
      const call = { name, input, begin, end: Infinity, output: {}, message: '' }
      const recorded = await send().then(
        (output): Call => ({ ...call, output: { ...output }, ...ending(output, 'done') }),
        (error: Error): Call => ({ ...call, message: error.message, ...refusal(error) }),
      )
      calls.push(recorded)
      return recorded
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
