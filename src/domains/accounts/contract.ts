import { common } from '../../contract/errors.ts'
import { operation } from '../../contract/operation.ts'
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

/** As long as a name in Active Directory may be. [inferred] */
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
  }),
  GetAccount: operation({
    http: 'GET /accounts/{AccountId}',
    input: { AccountId: NonEmptyString },
    output: { Account },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
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
  }),
  UpdateAccount: operation({
    http: 'POST /accounts/{AccountId}',
    input: { AccountId: NonEmptyString, Name: optional(AccountName), DefaultLicense: optional(License) },
    output: { Account },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  DeleteAccount: operation({
    http: 'DELETE /accounts/{AccountId}',
    status: 204,
    input: { AccountId: NonEmptyString },
    output: {},
    errors: [...common, 'NotFoundException', 'UnprocessableEntityException', 'ThrottledClientException'],
  }),
  GetAccountSettings: operation({
    http: 'GET /accounts/{AccountId}/settings',
    input: { AccountId: NonEmptyString },
    output: { AccountSettings },
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  UpdateAccountSettings: operation({
    http: 'PUT /accounts/{AccountId}/settings',
    status: 204,
    input: { AccountId: NonEmptyString, AccountSettings },
    output: {},
    errors: [...common, 'NotFoundException', 'ConflictException', 'ThrottledClientException'],
  }),
  AssociateSigninDelegateGroupsWithAccount: operation({
    http: 'POST /accounts/{AccountId}?operation=associate-signin-delegate-groups',
    input: { AccountId: NonEmptyString, SigninDelegateGroups: list(SigninDelegateGroup, { min: 1, max: 100 }) },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
  DisassociateSigninDelegateGroupsFromAccount: operation({
    http: 'POST /accounts/{AccountId}?operation=disassociate-signin-delegate-groups',
    input: { AccountId: NonEmptyString, GroupNames: list(GroupName, { min: 1, max: 100 }) },
    output: {},
    errors: [...common, 'NotFoundException', 'ThrottledClientException'],
  }),
}

export const Domain = structure({ DomainName, ClaimedTimestamp: Timestamp })

export const belfry = {
  /** What the original's console did when a team claimed a domain: another type, and perhaps other licenses. */
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
