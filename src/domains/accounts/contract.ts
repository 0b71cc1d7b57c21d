import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
import { differs, documented, inferred } from '../../contract/provenance.ts'
import {
  AccountName,
  AccountStatus,
  AccountType,
  Boolean,
  DomainName,
  EmailAddress,
  License,
  NextToken,
  NonEmptyString,
  ProfileServiceMaxResults,
  Text,
  Timestamp,
  list,
  optional,
  structure,
  text,
} from '../../contract/shapes.ts'

/** The length limit is that of names in Active Directory. [inferred] */
const GroupName = text({ max: 256, pattern: String.raw`.*\S.*`, test: /\S/ })
export const SigninDelegateGroup = structure({ GroupName })
export const Account = structure({
  AwsAccountId: Text,
  AccountId: Text,
  Name: Text,
  AccountType,
  CreatedTimestamp: Timestamp,
  DefaultLicense: License,
  SupportedLicenses: list(License),
  AccountStatus,
  SigninDelegateGroups: list(SigninDelegateGroup),
})
export const AccountSettings = structure({ DisableRemoteControl: optional(Boolean), EnableDialOut: optional(Boolean) })

export const contract = {
  CreateAccount: operation({
    http: 'POST /accounts',
    status: 201,
    input: { Name: AccountName },
    output: { Account },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented(
        "Makes a Team account, Active, with the licenses Basic and Pro, of which Pro is the default, in the caller's AWS account.",
      ),
      inferred('The same name twice makes two accounts; `SigninDelegateGroups` is empty at first.'),
    ],
  }),
  GetAccount: operation({
    http: 'GET /accounts/{AccountId}',
    input: { AccountId: NonEmptyString },
    output: { Account },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Answers the whole account, its sign-in groups included; an unknown id is NotFoundException.'),
      inferred('A deleted account, or that of another AWS account, is not found.'),
    ],
  }),
  ListAccounts: operation({
    http: 'GET /accounts?name={Name}&user-email={UserEmail}&next-token={NextToken}&max-results={MaxResults}',
    input: {
      Name: optional(AccountName),
      UserEmail: optional(EmailAddress),
      NextToken: optional(NextToken),
      MaxResults: optional(ProfileServiceMaxResults),
    },
    output: { Accounts: list(Account), NextToken },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented(
        '`name` filters by how names begin, `user-email` by the one user who has that address; 100 to a page unless told.',
      ),
      inferred('Both filters ignore case, and accounts must match both if both are given.'),
      inferred(
        'What matches nothing is an empty list, not NotFoundException; oldest first, deleted accounts left out.',
      ),
    ],
  }),
  UpdateAccount: operation({
    http: 'POST /accounts/{AccountId}',
    input: { AccountId: NonEmptyString, Name: optional(AccountName), DefaultLicense: optional(License) },
    output: { Account },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('A new default license is for users added from then on; those who are there keep theirs.'),
      inferred('A license the account does not support is BadRequestException; an empty body changes nothing.'),
    ],
  }),
  DeleteAccount: operation({
    http: 'DELETE /accounts/{AccountId}',
    status: 204,
    input: { AccountId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'UnprocessableEntityException', 'ThrottledClientException'],
    rules: [
      documented(
        'A Team account must have suspended all its users first; other types must have released their domains.',
      ),
      inferred('Otherwise UnprocessableEntityException, which the model has for this operation alone.'),
      inferred('Afterwards the account is not found, its users are gone, and the numbers they held are Unassigned.'),
      differs(
        'The account is gone at once; the original kept it for 90 days, in which AWS Support could bring it back.',
      ),
    ],
  }),
  GetAccountSettings: operation({
    http: 'GET /accounts/{AccountId}/settings',
    input: { AccountId: NonEmptyString },
    output: { AccountSettings },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [documented('Both settings are false on a new account.')],
  }),
  UpdateAccountSettings: operation({
    http: 'PUT /accounts/{AccountId}/settings',
    status: 204,
    input: { AccountId: NonEmptyString, AccountSettings },
    output: {},
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
    rules: [
      documented('A setting that is not sent stays as it is.'),
      inferred(
        'Empty settings are answered 204 and change nothing; changes wait for each other, so ConflictException does not occur.',
      ),
    ],
  }),
  AssociateSigninDelegateGroupsWithAccount: operation({
    http: 'POST /accounts/{AccountId}?operation=associate-signin-delegate-groups',
    input: { AccountId: NonEmptyString, SigninDelegateGroups: list(SigninDelegateGroup, { min: 1, max: 100 }) },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Adds to the set of groups that an account shows as `SigninDelegateGroups`.'),
      inferred('Only EnterpriseDirectory accounts have such groups; other types are BadRequestException.'),
      inferred(
        '1 to 100 groups with names of up to 256 characters; a group that is in the set already stays, without an error.',
      ),
      differs('No directory is asked whether a group exists.'),
    ],
  }),
  DisassociateSigninDelegateGroupsFromAccount: operation({
    http: 'POST /accounts/{AccountId}?operation=disassociate-signin-delegate-groups',
    input: { AccountId: NonEmptyString, GroupNames: list(GroupName, { min: 1, max: 100 }) },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
    rules: [
      documented('Takes the named groups out of the set.'),
      inferred('Only for EnterpriseDirectory accounts; names that are not in the set are passed over.'),
    ],
  }),
}

export const Domain = structure({ DomainName, ClaimedTimestamp: Timestamp })

export const belfry = {
  /** Changes the account type and optionally the licenses, as the original's console did when a team claimed a domain. */
  ConvertAccount: operation({
    http: 'POST /belfry/accounts/{AccountId}?operation=convert',
    input: { AccountId: NonEmptyString, AccountType, SupportedLicenses: optional(list(License, { min: 1, max: 4 })) },
    output: { Account },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  SuspendAccount: operation({
    http: 'POST /belfry/accounts/{AccountId}?operation=suspend',
    input: { AccountId: NonEmptyString },
    output: { Account },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ReactivateAccount: operation({
    http: 'POST /belfry/accounts/{AccountId}?operation=reactivate',
    input: { AccountId: NonEmptyString },
    output: { Account },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ListDomains: operation({
    http: 'GET /belfry/accounts/{AccountId}/domains',
    input: { AccountId: NonEmptyString },
    output: { Domains: list(Domain) },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  ClaimDomain: operation({
    http: 'PUT /belfry/accounts/{AccountId}/domains/{DomainName}',
    status: 204,
    input: { AccountId: NonEmptyString, DomainName },
    output: {},
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  ReleaseDomain: operation({
    http: 'DELETE /belfry/accounts/{AccountId}/domains/{DomainName}',
    status: 204,
    input: { AccountId: NonEmptyString, DomainName },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}
