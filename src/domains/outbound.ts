/** All network calls that operations and jobs can make, as far as the operator allows them. */
export interface Outside {
  /** POSTs JSON over HTTPS to a public address, or to one the operator named. Throws `OutsideError`. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<OutsideAnswer>
  /** Invokes a Lambda function; absent if Lambda is not configured. Throws `OutsideError`. */
  invoke?: (call: LambdaCall) => Promise<void>
  /** Sends a message to the mail server; absent if none is configured. Throws `OutsideError`. */
  mail?: (message: Mail) => Promise<void>
}

export interface OutsideAnswer {
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

/** A failed outbound call; the message continues a sentence that begins with "the endpoint …". */
export class OutsideError extends Error {
  /** Whether a retry would be pointless. */
  readonly isFinal: boolean

  constructor(message: string, { isFinal = false, ...options }: ErrorOptions & { isFinal?: boolean } = {}) {
    super(message, options)
    this.isFinal = isFinal
  }
}
