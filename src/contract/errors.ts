/**
 * Every error that Belfry can return: HTTP status and, for errors of the published Chime model, the value of the body
 * member `Code`. Errors without a `Code` are those of AWS's front end; their body is `{"message":"..."}` with a small m.
 */
const errors = {
  BadRequestException: { status: 400, code: 'BadRequest' },
  ResourceLimitExceededException: { status: 400, code: 'ResourceLimitExceeded' },
  UnauthorizedClientException: { status: 401, code: 'Unauthorized' },
  AccessDeniedException: { status: 403, code: 'AccessDenied' },
  ForbiddenException: { status: 403, code: 'Forbidden' },
  NotFoundException: { status: 404, code: 'NotFound' },
  ConflictException: { status: 409, code: 'Conflict' },
  UnprocessableEntityException: { status: 422, code: 'Unprocessable' },
  ThrottledClientException: { status: 429, code: 'Throttled' },
  ServiceFailureException: { status: 500, code: 'ServiceFailure' },
  ServiceUnavailableException: { status: 503, code: 'ServiceUnavailable' },

  MissingAuthenticationTokenException: { status: 403 },
  IncompleteSignatureException: { status: 403 },
  InvalidSignatureException: { status: 403 },
  UnrecognizedClientException: { status: 403 },
  ExpiredTokenException: { status: 403 },
  UnknownOperationException: { status: 404 },
  MalformedHttpRequestException: { status: 400 },
  RequestTimeoutException: { status: 408 },
  RequestEntityTooLargeException: { status: 413 },
  UnsupportedMediaTypeException: { status: 415 },
  ExpectationFailedException: { status: 417 },
  RequestHeaderFieldsTooLargeException: { status: 431 },
} as const satisfies Record<string, { status: number; code?: string }>

export type ErrorName = keyof typeof errors
/** The errors of the published model. A contract can list only these. */
export type ModelledErrorName = {
  [Name in ErrorName]: (typeof errors)[Name] extends { code: string } ? Name : never
}[ErrorName]
/** Values of `Code`, in error bodies and in the per-item errors of batch operations. */
export type ErrorCode = (typeof errors)[ModelledErrorName]['code'] | 'PhoneNumberAssociationsExist'

/** The errors that every operation of the model can return; contracts add to these. */
export const common = [
  'BadRequestException',
  'UnauthorizedClientException',
  'ForbiddenException',
  'ServiceUnavailableException',
  'ServiceFailureException',
] as const satisfies readonly ModelledErrorName[]

export const statusOf = (name: ErrorName): number => errors[name].status

/** The names of all errors, for the reference. */
export const errorNames = Object.keys(errors) as ErrorName[]

export function codeOf(name: ErrorName): ErrorCode | undefined {
  const entry: { status: number; code?: ErrorCode } = errors[name]
  return entry.code
}

interface ErrorOptions {
  /** Replaces the usual `Code` of the error. */
  code?: ErrorCode
  /** Seconds to wait, sent as `Retry-After`. */
  retryAfter?: number
}

/** An error that is returned to the caller under its published name. */
export class ServiceError extends Error {
  override readonly name: ErrorName
  readonly status: number
  readonly code: ErrorCode | undefined
  readonly retryAfter: number | undefined

  constructor(name: ErrorName, message: string, { code, retryAfter }: ErrorOptions = {}) {
    super(message)
    this.name = name
    this.status = statusOf(name)
    this.code = code ?? codeOf(name)
    this.retryAfter = retryAfter
  }
}

export const badRequest = (message: string, code?: ErrorCode): ServiceError =>
  new ServiceError('BadRequestException', message, code ? { code } : {})

/** @param what as in "The limit of 10 bots per account would be exceeded" */
export const limitExceeded = (atMost: number, what: string): ServiceError =>
  new ServiceError('ResourceLimitExceededException', `The limit of ${atMost} ${what} would be exceeded`)

/** The resource types named in `NotFoundException`. */
export type ResourceType =
  | 'Account'
  | 'User'
  | 'PhoneNumber'
  | 'PhoneNumberOrder'
  | 'Room'
  | 'RoomMembership'
  | 'Domain'
  | 'Holder'
  | 'Conversation'
  | 'Message'
  | 'Bot'
  | 'EventsConfiguration'
  | 'Webhook'
  | 'Meeting'
  | 'Principal'
  | 'Policy'
  | 'AccessKey'

/** The message contains `id`, so it must be an id that the caller sent. */
export const notFound = (type: ResourceType, id: string): ServiceError =>
  new ServiceError('NotFoundException', `Could not find ${type} with Id '${id}'`)

export const serviceUnavailable = (message = 'The service is temporarily unavailable'): ServiceError =>
  new ServiceError('ServiceUnavailableException', message, { retryAfter: 1 })

export const serviceFailure = (): ServiceError =>
  new ServiceError('ServiceFailureException', 'The service encountered an unexpected error')
