import { Client } from 'pg'
import { startPostgres } from '../../test/support/postgres.ts'
import { associationsOnPostgres, usersOnPostgres } from '../baselines.ts'
import type { Bench, Goal, Row, Section } from '../types.ts'
import { seed, credentials } from '../data.ts'
import { startGenerator } from '../generator/start.ts'
import { type RunningServer, cores, gracefulShutdowns } from '../processes.ts'
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
  associateBaseline: 'PostgreSQL alone: associations, random, 64 to a transaction',
  usersBaseline: 'PostgreSQL alone: users, 64 to a query',
}

export async function measurePostgres(bench: Bench): Promise<Section> {
  const postgres = await startPostgres({ settings: ['shared_buffers=1GB'] })
  gracefulShutdowns.add(postgres.stop)
  try {
    return await measureOn(postgres.url, bench)
  } finally {
    gracefulShutdowns.delete(postgres.stop)
    await postgres.stop()
  }
}

async function measureOn(url: string, bench: Bench): Promise<Section> {
  bench.print(`  seeding ${bench.sizes.usual} users and numbers in PostgreSQL`)
  await seed(url, bench.sizes.usual, { holders: true })
  const settings = await vacuumAndCheckpoint(url)
  const replicas = [
    await startBelfry(url, bench.folder),
    await startBelfry(url, bench.folder, { core: cores.load }),
  ] as const
  const second = { ...bench, generator: startGenerator() }
  const pgbench = await findPgbench(url)
  const subjects = [
    ...ofOne(bench, replicas[0]),
    ...ofTwo(bench, second, replicas),
    ...baselines(url, bench.sizes.usual),
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

/** Done now, so that the server does not do it in the middle of a round. Returns the settings that affect the figures. */
async function vacuumAndCheckpoint(connectionString: string) {
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

/** Where each subject begins among the users and numbers, as a share of all, so that none is associated twice. One replica begins at 0. */
const offsets = { first: 0.35, second: 0.55, baseline: 0.75 }

/** Half of the connections go to each replica, with users and numbers of their own. */
function ofTwo(first: Bench, second: Bench, [one, other]: readonly [RunningServer, RunningServer]): Subject[] {
  const pair = (text: string, recipe: string) =>
    both(text, half(first, one, recipe, offsets.first), half(second, other, recipe, offsets.second))
  return [pair(label.associateTwo, 'associate random'), pair(label.getUserTwo, 'GetUser')]
}

const half = (bench: Bench, replica: RunningServer, recipe: string, offset: number) =>
  underLoad(recipe, bench.generator, {
    ...load(bench, replica, recipe),
    connections: 32,
    from: Math.floor(offset * bench.sizes.usual),
  })

const baselines = (url: string, count: number): Subject[] => [
  usersOnPostgres(label.usersBaseline, url, count),
  associationsOnPostgres(label.associateBaseline, url, count, Math.floor(count * offsets.baseline)),
]

const about = (settings: string) =>
  `The same load on PostgreSQL (${settings}), with one Belfry and with two. Assigned users and
numbers alternate with free ones, because the table of assignments of a database in use is not empty. "PostgreSQL alone" is a tight loop of the
same queries, 64 at a time, in two round trips, over one connection, without HTTP or concurrency.`

const notes = [
  `The first Belfry has the server's core to itself. PostgreSQL is not pinned, and the second Belfry shares the core of the load generator. On
two cores a second replica therefore has little to gain.`,
]

const goals = (rows: readonly Row[]): Goal[] => [
  { label: `PostgreSQL: ${label.associate}`, value: ratioOf(rows, label.associate), atLeast: 0.2, unit: '× floor' },
  { label: `PostgreSQL: ${label.getUser}`, value: ratioOf(rows, label.getUser), atLeast: 0.35, unit: '× floor' },
  {
    label: `PostgreSQL: ${label.getPhoneNumber}`,
    value: ratioOf(rows, label.getPhoneNumber),
    atLeast: 0.35,
    unit: '× floor',
  },
  {
    label: 'PostgreSQL: associations of two replicas relative to one',
    value: ratioBetween(rows, label.associateTwo, label.associate),
    atLeast: 1,
    unit: '×',
  },
  {
    label: 'PostgreSQL: GetUser of two replicas relative to one',
    value: ratioBetween(rows, label.getUserTwo, label.getUser),
    atLeast: 1,
    unit: '×',
  },
]
