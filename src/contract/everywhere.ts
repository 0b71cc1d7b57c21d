/** Rules that apply to every operation, with their sources, grouped by topic. */
import { type Rule, differs, documented, inferred, observed } from './provenance.ts'

export const everywhere: Readonly<Record<string, readonly Rule[]>> = {
  'On the wire': [
    documented('Every path works with the prefix `/console` as well, which the early endpoints had.'),
    documented(
      'Answers are compact JSON in alphabetical order; every modelled member is there, `null` where there is nothing.',
    ),
    documented('An output without members is `{}`, as in the captured samples.'),
    documented('A 204 has a `Content-Type`, but neither body nor `Content-Length`.'),
    documented('Times are ISO-8601 in UTC, with three decimals and `Z`.'),
    documented('Every answer has an `x-amzn-RequestId`, a lower-case UUID.'),
    inferred('Members of a body that nobody knows are ignored; `null` is the same as absent.'),
    inferred('A body that is a JSON object is read as such, whatever `Content-Type` it names, or none.'),
    inferred('A body that is multipart, or has a Content-Encoding, is refused with 415.'),
    inferred('Patterns must match the whole value, also where the model does not anchor them.'),
    inferred(
      'Texts without a published bound may have 1,024 characters, addresses 320; NUL and lone surrogates are refused.',
    ),
    inferred(
      'A blank id is BadRequestException, also after a trailing slash: `GET /accounts/` does not list accounts.',
    ),
    inferred(
      'An `operation=` that the path does not know is UnknownOperationException with 404, not the plain update.',
    ),
    inferred(
      'UnknownOperationException names method and path, and the API that operations moved to which older models had here.',
    ),
    inferred('A query parameter that is sent twice is BadRequestException.'),
    differs('What some samples show beyond the model (`Admins`, `Domains`, `FullName` and others) is never answered.'),
  ],
  'Who may': [
    documented('Requests are signed with Signature Version 4 for the service `chime`, by header or in the query.'),
    documented('The IAM action is `chime:` and the name of the operation, compared without regard to case.'),
    documented('Policies have the elements, condition operators and logic of IAM, and an explicit Deny wins.'),
    documented(
      'AmazonChimeFullAccess, AmazonChimeReadOnly and AmazonChimeUserManagement are built in, with what AWS allowed by them.',
    ),
    inferred(
      'Conditions know `aws:SourceIp`, `CurrentTime`, `EpochTime`, `PrincipalArn`, `PrincipalAccount`, `username`, `SecureTransport`, `UserAgent` and `RequestedRegion`.',
    ),
    inferred('What a policy says that Belfry would not enforce is refused when it is set, with the place named.'),
    observed('Refused signatures have the names and words of AWS\'s front ends, 403, and the body `{"message":"…"}`.'),
    inferred('Any region will do, unless BELFRY_REGIONS says otherwise: SDKs sign for their own at a custom endpoint.'),
    inferred('The clock of a client may be 15 minutes off, or what BELFRY_CLOCK_SKEW_SECONDS says.'),
    inferred('An access key that is switched off is UnauthorizedClientException.'),
    differs(
      'Who is not allowed gets AccessDeniedException everywhere; until 2022 the original was seen to say ForbiddenException.',
    ),
  ],
  Errors: [
    documented('The name is in `x-amzn-ErrorType`, and the body is `{"Code":"…","Message":"…"}`.'),
    inferred('The message is in `x-amzn-ErrorMessage` as well: its first line, in ASCII, 500 characters at most.'),
    documented('Too many requests are ThrottledClientException, 429.'),
    observed("`Could not find <type> with Id '<id>'` has the words that were seen for voice connectors."),
    observed('The `Code` of ForbiddenException is `Forbidden`.'),
    inferred('The codes of the others follow the values of `ErrorCode` in the model.'),
    inferred('Where no modelled class fits a refusal, it is BadRequestException.'),
    differs(
      'Broken constraints are named in a sentence each; the original was seen to say `Service received a bad request`.',
    ),
    differs(
      'A body that is no JSON object is BadRequestException; AWS frameworks say SerializationException, which this model lacks.',
    ),
  ],
  'Order of checks': [
    inferred('HTTP, signature, rate, operation, JSON, policy, members: the first that fails decides.'),
    inferred('Then the account, its status and its type, what is addressed in it, the rules, and the quotas.'),
    inferred('A batch operation checks its list as a whole, and then each item by itself.'),
  ],
  'Accounts and ids': [
    documented(
      'Numbers, orders and what is under `/settings` belong to the AWS account; it may have several Chime accounts.',
    ),
    documented(
      'Ids that Belfry makes are lower-case UUIDs; only those of orders and meetings must be GUIDs when sent.',
    ),
    inferred('Any other id that is not blank is looked for, and NotFoundException if it is nowhere.'),
    inferred('What belongs to another AWS account is not found.'),
    inferred('A suspended account can be read and deleted; anything else is ForbiddenException.'),
  ],
  Pages: [
    documented('`NextToken` is null on the last page.'),
    inferred(
      'A token is good for the same operation, filters and AWS account, also after a restart; else BadRequestException.',
    ),
    inferred('A `max-results` out of range, or that is no whole number, is BadRequestException.'),
    inferred(
      'Lists are in the order of creation, oldest or newest first, and searches in that of the numbers, over all pages.',
    ),
  ],
  Retries: [
    documented('Only CreateRoom takes a token that makes a repeated request safe.'),
    inferred('A success is on disk before it is answered, for SDKs repeat what was answered 5xx or not at all.'),
  ],
}
