/** The network calls that operations and jobs may make, as the operator's settings allow. */
export interface Outbound {
  /** POSTs JSON over HTTPS to a public address, or to one the operator named. Throws `OutboundError`. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<OutboundAnswer>
  /** Invokes a Lambda function; absent without a Lambda endpoint. Throws `OutboundError`. */
  invoke?: (call: LambdaCall) => Promise<void>
  /** Hands a message to the mail server; absent without one. Throws `OutboundError`. */
  mail?: (message: Mail) => Promise<void>
}

export interface OutboundAnswer {
  status: number
  body: string
}

export interface LambdaCall {
  functionArn: string
  payload: string
  /** Passed to the function along with the payload. */
  context: Readonly<Record<string, string>>
  /** Checks whether the function could be invoked, without running it. */
  dryRun?: boolean
}

export interface Mail {
  to: string
  subject: string
  text: string
}

/** A call that failed; the message continues a sentence that begins "The endpoint …". */
export class OutboundError extends Error {
  /** Whether trying again is pointless. */
  readonly isFinal: boolean

  constructor(message: string, { isFinal = false, ...options }: ErrorOptions & { isFinal?: boolean } = {}) {
    super(message, options)
    this.isFinal = isFinal
  }
}
