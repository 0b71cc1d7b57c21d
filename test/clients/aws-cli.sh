#!/usr/bin/env bash
# Runs the commands of the README with the unmodified AWS CLI against a new server, and then reads the account with
# curl, which has its own signing code (--aws-sigv4). Needs aws, curl and the npm packages.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
node scripts/run.mjs src/main.ts serve --demo --port 0 --log-level error \
  --database "sqlite:$folder/belfry.db" --sealing-key-file "$folder/sealing.key" >"$folder/out" &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 600); do grep -q '^export' "$folder/out" && break; sleep 0.1; done
eval "$(grep '^export' "$folder/out")"

account=12a3456b-7c89-012d-3456-78901e23fg45
user=1ab2345c-67de-8901-f23g-45h678901j2k
passed=0
# Not every version reads AWS_ENDPOINT_URL_CHIME, so the endpoint is passed as an option too.
chime() { aws --endpoint-url "$AWS_ENDPOINT_URL_CHIME" --output text chime "$@"; }
fail() { echo "FAILED: $*"; echo "$passed passed, 1 failed"; exit 1; }
# expect WANTED COMMAND...: the command must succeed and print exactly WANTED.
expect() {
  local wanted=$1 got
  shift
  got=$("$@" 2>&1) || fail "$*: $got"
  [ "$got" = "$wanted" ] || fail "$*: wanted '$wanted', got '$got'"
  passed=$((passed + 1))
}
# refused NAME COMMAND...: the command must fail with the error NAME.
refused() {
  local name=$1 got
  shift
  got=$("$@" 2>&1) && fail "$*: was not refused"
  [[ $got == *"($name)"* ]] || fail "$*: wanted $name, got '$got'"
  passed=$((passed + 1))
}

aws --version
expect "" chime associate-phone-number-with-user --account-id $account --user-id $user --e164-phone-number "+12065550100"
expect "+12065550100" chime get-user --account-id $account --user-id $user --query User.PrimaryProvisionedNumber
expect $'Assigned\tAccountId\tUserId' chime get-phone-number --phone-number-id "+12065550100" \
  --query 'PhoneNumber.[Status,Associations[0].Name,Associations[1].Name]'
expect "%2B12065550100" chime get-phone-number --phone-number-id "%2B12065550100" --query PhoneNumber.PhoneNumberId
expect 3 chime list-users --account-id $account --query 'length(Users)'
colleague=$(chime list-users --account-id $account --query 'Users[1].UserId')
refused BadRequestException chime associate-phone-number-with-user --account-id $account --user-id "$colleague" --e164-phone-number "+12065550100"
refused NotFoundException chime associate-phone-number-with-user --account-id $account --user-id nobody --e164-phone-number "+12065550100"
refused BadRequestException chime delete-phone-number --phone-number-id "+12065550100"
expect "" chime disassociate-phone-number-from-user --account-id $account --user-id $user
expect "" chime delete-phone-number --phone-number-id "+12065550100"
expect ReleaseInProgress chime get-phone-number --phone-number-id "+12065550100" --query PhoneNumber.Status
expect Unassigned chime restore-phone-number --phone-number-id "+12065550100" --query PhoneNumber.Status
expect "+12065550104" chime search-available-phone-numbers --area-code 206 --max-results 1 --query 'E164PhoneNumbers[0]'
order=$(chime create-phone-number-order --product-type BusinessCalling --e164-phone-numbers "+12065550104" --query PhoneNumberOrder.PhoneNumberOrderId)
for _ in $(seq 100); do
  status=$(chime get-phone-number-order --phone-number-order-id "$order" --query PhoneNumberOrder.Status)
  [ "$status" != Processing ] && break
done
[ "$status" = Successful ] || fail "order: $status"
team=$(chime create-account --name "From the command line" --query Account.AccountId)
invited=$(chime invite-users --account-id "$team" --user-email-list a@example.org b@example.org --query 'length(Invites)')
[ "$invited" = 2 ] || fail "invite-users: $invited"
expect Basic chime update-account --account-id "$team" --default-license Basic --query Account.DefaultLicense
expect "" chime update-account-settings --account-id "$team" --account-settings DisableRemoteControl=true
expect $'True\tFalse' chime get-account-settings --account-id "$team" --query 'AccountSettings.[DisableRemoteControl,EnableDialOut]'
expect 2 chime list-accounts --query 'length(Accounts)'
signed() { curl --silent --fail --aws-sigv4 aws:amz:us-east-1:chime --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" "$@"; }
account_of() { signed "$AWS_ENDPOINT_URL_CHIME/accounts/$1" | grep -o '"AccountType":"[A-Za-z]*"'; }
expect '"AccountType":"EnterpriseLWA"' account_of $account
kill $server
wait $server || fail "the server ended with $?"
echo "$passed passed, 0 failed"
