/** Built-in policies: AWS's managed policies under their names [documented], as far as they matter here. */

const allow = (...Action: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})

/** Actions that only the original's console needed; no operation of the API requires them. */
const userManagementInConsole = [
  'chime:GetUserByEmail',
  'chime:InviteUsersFromProvider',
  'chime:SuspendUsers',
  'chime:ActivateUsers',
  'chime:UpdateUserLicenses',
  'chime:ListDomains',
  'chime:GetDomain',
  'chime:ListDirectories',
  'chime:ListGroups',
  'chime:SubmitSupportRequest',
  'chime:ListDelegates',
  'chime:ListAccountUsageReportData',
  'chime:GetMeetingDetail',
  'chime:ListMeetingEvents',
  'chime:ListMeetingsReportData',
  'chime:GetUserActivityReportData',
]

const documents = {
  /** Includes Belfry's own operations. */
  AdministratorAccess: allow('*'),
  AmazonChimeFullAccess: allow('chime:*'),
  AmazonChimeReadOnly: allow('chime:List*', 'chime:Get*', 'chime:Describe*', 'chime:SearchAvailablePhoneNumbers'),
  AmazonChimeUserManagement: allow(
    'chime:ListAccounts',
    'chime:GetAccount',
    'chime:GetAccountSettings',
    'chime:UpdateAccountSettings',
    'chime:ListUsers',
    'chime:GetUser',
    'chime:CreateUser',
    'chime:InviteUsers',
    'chime:ResetPersonalPIN',
    'chime:LogoutUser',
    'chime:UpdateUser',
    'chime:BatchUpdateUser',
    'chime:BatchSuspendUser',
    'chime:BatchUnsuspendUser',
    'chime:AssociatePhoneNumberWithUser',
    'chime:DisassociatePhoneNumberFromUser',
    'chime:GetPhoneNumber',
    'chime:ListPhoneNumbers',
    'chime:GetUserSettings',
    'chime:UpdateUserSettings',
    'chime:AssociateSigninDelegateGroupsWithAccount',
    'chime:DisassociateSigninDelegateGroupsFromAccount',
    ...userManagementInConsole,
  ),
}

export const administratorAccess = 'AdministratorAccess' satisfies keyof typeof documents

/** By name. */
export const builtInPolicies: ReadonlyMap<string, string> = new Map(
  Object.entries(documents).map(([name, document]) => [name, JSON.stringify(document)]),
)
