import { Client } from 'pg'
import { startPostgres } from '../../test/support/postgres.ts'
import { associationsOnPostgres, usersOnPostgres } from '../baselines.ts'
import type { Bench, Goal, Row, Section } from '../types.ts'
import { seed, credentials } from '../data.ts'
import { startGenerator } from '../generator/start.ts'
import { type RunningServer, cores, stoppedGently } from '../processes.ts'
import { type Load, type Subject, both, underLoad } from '../rounds.ts'
import { measureRows, ratioBetween, ratioOf } from '../rows.ts'
import { startBelfry } from '../servers/belfry.ts'
import { findPgbench } from '../servers/pgbench.ts'

const label = {
  associate: 'AssociatePhoneNumberWithUser, random, one replica',
  associateTwo: 'AssociatePhoneNumberWithUser, random, two replicas',
  getUser: 'GetUser, one replica',
  getUserTwo: 'GetUser, two replicas',
  getPhoneNumber: 'GetPhoneNumber, one replica',
  associateAlone: 'PostgreSQL alone: associations, random, 64 to a transaction',
  usersAlone: 'PostgreSQL alone: users, 64 to a question',
}

export async function measurePostgres(bench: Bench): Promise<Section> {
  const postgres = await startPostgres({ settings: ['shared_buffers=1GB'] })
  stoppedGently.add(postgres.stop)
  try {
    return await measureOn(postgres.url, bench)
  } finally {
    stoppedGently.delete(postgres.stop)
    await postgres.stop()
  }
}

async function measureOn(url: string, bench: Bench): Promise<Section> {
  bench.say(`  putting ${bench.sizes.usual} users and numbers into PostgreSQL`)
  await seed(url, bench.sizes.usual, { holders: true })
  const settings = await settle(url)
  const replicas = [
    await startBelfry(url, bench.folder),
    await startBelfry(url, bench.folder, { core: cores.load }),
  ] as const
  const second = { ...bench, generator: startGenerator() }
  const pgbench = await findPgbench(url)
  const subjects = [
    ...ofOne(bench, replicas[0]),
    ...ofTwo(bench, second, replicas),
    ...alone(url, bench.sizes.usual),
    ...pgbench.subjects,
  ]
  const rows = await measureRows(bench, subjects)
  await Promise.all([...replicas, second.generator].map((server) => server.stop()))
  return {
    title: 'On PostgreSQL',
    about: about(settings),
    rows,
    goals: goals(rows),
    notes: [...notes, ...pgbench.notes],
  }
}

/** What a server does by itself after a while, done now; answers how it keeps what it is told. */
async function settle(connectionString: string) {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  const names = ['server_version', 'fsync', 'synchronous_commit', 'shared_buffers']
  const answers = []
  for (const name of names) {
    const { rows } = await client.query<Record<string, string>>(`show ${name}`)
    answers.push(`${name} ${rows[0]?.[name]}`)
  }
  await client.end()
  return answers.join(', ')
}

const load = ({ sizes }: Bench, { url }: RunningServer, recipe: string): Load => ({
  url,
  recipe,
  population: sizes.usual,
  credentials,
})

const ofOne = (bench: Bench, replica: RunningServer): Subject[] => [
  underLoad(label.associate, bench.generator, load(bench, replica, 'associate random')),
  underLoad(label.getUser, bench.generator, load(bench, replica, 'GetUser')),
  underLoad(label.getPhoneNumber, bench.generator, load(bench, replica, 'GetPhoneNumber')),
]

/** Of all users and numbers: where the first and the second of two replicas begin to associate, and PostgreSQL alone. One replica begins at 0. */
const beginnings = { first: 0.35, second: 0.55, alone: 0.75 }

/** Half the connections on each; each half has users and numbers of its own. */
function ofTwo(first: Bench, second: Bench, [one, other]: readonly [RunningServer, RunningServer]): Subject[] {
  const pair = (text: string, recipe: string) =>
    both(text, half(first, one, recipe, beginnings.first), half(second, other, recipe, beginnings.second))
  return [pair(label.associateTwo, 'associate random'), pair(label.getUserTwo, 'GetUser')]
}

const half = (bench: Bench, replica: RunningServer, recipe: string, share: number) =>
  underLoad(recipe, bench.generator, {
    ...load(bench, replica, recipe),
    connections: 32,
    from: Math.floor(share * bench.sizes.usual),
  })

const alone = (url: string, count: number): Subject[] => [
  usersOnPostgres(label.usersAlone, url, count),
  associationsOnPostgres(label.associateAlone, url, count, Math.floor(count * beginnings.alone)),
]

const about = (settings: string) =>
  `The same load on PostgreSQL (${settings}), with one Belfry and with two. Between any two of the free users and numbers is one that is
taken, for an empty table of assignments is not what a database in use has. "PostgreSQL alone" is asked the same in a loop: for 64 at a time, in
two round trips, over one connection, without HTTP, and nobody who waits.`

const notes = [
  `The first Belfry has the server's core for itself. PostgreSQL goes where the kernel puts it, and the second Belfry shares the core of the
load generator: on two cores a second replica has little to gain.`,
]

const goals = (rows: readonly Row[]): Goal[] => [
  { what: `PostgreSQL: ${label.associate}`, is: ratioOf(rows, label.associate), atLeast: 0.2, unit: '× floor' },
  { what: `PostgreSQL: ${label.getUser}`, is: ratioOf(rows, label.getUser), atLeast: 0.35, unit: '× floor' },
  {
    what: `PostgreSQL: ${label.getPhoneNumber}`,
    is: ratioOf(rows, label.getPhoneNumber),
    atLeast: 0.35,
    unit: '× floor',
  },
  {
    what: 'PostgreSQL: associations of two replicas beside one',
    is: ratioBetween(rows, label.associateTwo, label.associate),
    atLeast: 1,
    unit: '×',
  },
  {
    what: 'PostgreSQL: GetUser of two replicas beside one',
    is: ratioBetween(rows, label.getUserTwo, label.getUser),
    atLeast: 1,
    unit: '×',
  },
]
