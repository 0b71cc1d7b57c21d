/** What operations and jobs may ask of the network, as the operator allows it. */
/** The world outside this process and its database, as the operator lets Belfry speak to it. */
export interface Outside {
  /** POSTs JSON over HTTPS to a public address, or to one the operator named. Throws `OutsideError`. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<OutsideAnswer>
  /** Invokes a Lambda function; absent where there is none to ask. Throws `OutsideError`. */
  invoke?: (call: LambdaCall) => Promise<void>
  /** Hands a message to the mail server; absent where there is none. Throws `OutsideError`. */
  mail?: (message: Mail) => Promise<void>
}

export interface OutsideAnswer {
  status: number
  body: string
}

export interface LambdaCall {
  functionArn: string
  payload: string
  /** Handed to the function beside the payload. */
  context: Readonly<Record<string, string>>
  /** Asks whether the function could be invoked, and does not run it. */
  dryRun?: boolean
}

export interface Mail {
  to: string
  subject: string
  text: string
}

/** What went wrong out there; the message goes on after "the endpoint …". */
export class OutsideError extends Error {
  /** Whether it makes no sense to try again. */
  readonly isFinal: boolean

  constructor(message: string, { isFinal = false, ...options }: ErrorOptions & { isFinal?: boolean } = {}) {
    super(message, options)
    this.isFinal = isFinal
  }
}
