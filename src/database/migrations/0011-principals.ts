import { type Kysely, sql } from 'kysely'
import { nullableText, text } from './columns.ts'

/** Policies belonged to keys. Now they belong to principals, who have keys. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTables(db)
  await db.schema.alterTable('access_keys').renameTo('access_keys_before').execute()
  await createAccessKeys(db)
  // The issuer of the temporary keys is not recorded, and they must not outlive it.
  const { rows } = await sql<KeyBefore>`select * from access_keys_before where session_token_hash is null
    order by created_at, access_key_id`.execute(db)
  for (const principal of separate(rows)) await move(db, principal)
  await db.schema.dropTable('access_keys_before').execute()
}

async function createTables(db: Kysely<unknown>) {
  await db.schema
    .createTable('principals')
    .$call((t) => text(t, 'aws_account_id', 'principal_name', 'principal_type', 'created_at'))
    .addPrimaryKeyConstraint('principals_pk', ['aws_account_id', 'principal_name'])
    .execute()
  await db.schema
    .createTable('policies')
    .$call((t) => text(t, 'aws_account_id', 'policy_name', 'document', 'created_at', 'updated_at'))
    .addPrimaryKeyConstraint('policies_pk', ['aws_account_id', 'policy_name'])
    .execute()
  await db.schema
    .createTable('principal_policies')
    .$call((t) => text(t, 'aws_account_id', 'principal_name', 'policy_name', 'attached_at'))
    .addPrimaryKeyConstraint('principal_policies_pk', ['aws_account_id', 'principal_name', 'policy_name'])
    .execute()
}

async function createAccessKeys(db: Kysely<unknown>) {
  await db.schema
    .createTable('access_keys')
    .$call((t) => text(t, 'access_key_id', 'aws_account_id', 'principal_name', 'sealed_secret', 'status', 'created_at'))
    .$call((t) => nullableText(t, 'session_token_hash', 'expires_at', 'issued_by', 'last_used_at'))
    .addColumn('requests_per_second', 'integer')
    .addPrimaryKeyConstraint('access_keys_by_id', ['access_key_id'])
    .execute()
  await db.schema
    .createIndex('access_keys_by_principal')
    .on('access_keys')
    .columns(['aws_account_id', 'principal_name', 'access_key_id'])
    .execute()
  await db.schema
    .createIndex('temporary_access_keys')
    .on('access_keys')
    .column('expires_at')
    .where(sql.ref('expires_at'), 'is not', null)
    .execute()
}

interface KeyBefore {
  access_key_id: string
  aws_account_id: string
  principal_arn: string
  sealed_secret: string
  status: string
  policy: string
  session_token_hash: string | null
  expires_at: string | null
  requests_per_second: number | null
  created_at: string
}

interface Principal {
  awsAccountId: string
  name: string
  policy: string
  keys: KeyBefore[]
}

const builtIn = new Set([
  'AdministratorAccess',
  'AmazonChimeFullAccess',
  'AmazonChimeReadOnly',
  'AmazonChimeUserManagement',
])

/** The document of keys that were created without a policy. */
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})

/**
 * Keys of one principal that had different policies keep them: the widest policy, or else the oldest, stays with the
 * name, and each other one gets a principal of its own, `ann-2`. All policies on one principal would let some key do
 * more than before.
 */
function separate(keys: readonly KeyBefore[]): Principal[] {
  const byArn = Map.groupBy(keys, (key) => `${key.aws_account_id} ${nameOf(key)}`)
  const taken = new Set(byArn.keys())
  return [...byArn.values()].flatMap((group) => {
    const byPolicy = Map.groupBy(group, ({ policy }) => policy)
    const policies = [...new Set([...(byPolicy.has(everything) ? [everything] : []), ...byPolicy.keys()])]
    return policies.map((policy, index) => {
      const keys = byPolicy.get(policy) ?? []
      const [awsAccountId = '', name] = [keys[0]?.aws_account_id, nameFor(keys, index === 0, taken)]
      return { awsAccountId, name, policy, keys }
    })
  })
}

const nameOf = ({ principal_arn }: KeyBefore) => principal_arn.split(':user/')[1] ?? principal_arn
const nameAtMost = 60

function nameFor([key]: readonly KeyBefore[], isFirst: boolean, taken: Set<string>): string {
  const [awsAccountId, name] = key ? [key.aws_account_id, nameOf(key)] : ['', '']
  if (isFirst) return name
  for (let count = 2; ; count++) {
    const candidate = `${name.slice(0, nameAtMost)}-${count}`
    if (taken.has(`${awsAccountId} ${candidate}`)) continue
    taken.add(`${awsAccountId} ${candidate}`)
    return candidate
  }
}

async function move(db: Kysely<unknown>, { awsAccountId, name, policy, keys }: Principal) {
  const since = keys[0]?.created_at
  const forAll = policy === everything
  // A policy must not be taken for a built-in one because its principal happens to be called so.
  const policyName = builtIn.has(name) ? `${name}.before` : name
  const type = forAll ? 'Administrator' : 'Person'
  await sql`insert into principals (aws_account_id, principal_name, principal_type, created_at)
    values (${awsAccountId}, ${name}, ${type}, ${since})`.execute(db)
  if (!forAll)
    await sql`insert into policies (aws_account_id, policy_name, document, created_at, updated_at)
      values (${awsAccountId}, ${policyName}, ${policy}, ${since}, ${since})`.execute(db)
  await sql`insert into principal_policies (aws_account_id, principal_name, policy_name, attached_at)
    values (${awsAccountId}, ${name}, ${forAll ? 'AdministratorAccess' : policyName}, ${since})`.execute(db)
  for (const { access_key_id } of keys) await moveKey(db, access_key_id, name)
}

const kept = sql.raw(
  'access_key_id, aws_account_id, sealed_secret, status, session_token_hash, expires_at, requests_per_second, created_at',
)

async function moveKey(db: Kysely<unknown>, accessKeyId: string, principalName: string) {
  await sql`insert into access_keys (${kept}, principal_name)
    select ${kept}, cast(${principalName} as text) from access_keys_before
    where access_key_id = ${accessKeyId}`.execute(db)
}
