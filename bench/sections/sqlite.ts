import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { associationsOnSqlite, hashingAlone, usersOnSqlite } from '../baselines.ts'
import type { Bench, Goal, Row, Section } from '../types.ts'
import { credentials } from '../data.ts'
import { makeDatabase, removeDatabase } from '../databases.ts'
import { type RunningServer, cores, root, startServer } from '../processes.ts'
import { type Subject, underLoad } from '../rounds.ts'
import { measureRows, ratioBetween, ratioOf, theFloor } from '../rows.ts'
import { startBelfry } from '../servers/belfry.ts'

const label = {
  awake: 'The floor, asked by a generator that never sleeps',
  noStore: 'No store: signature, routing, validation',
  oneCommit: 'One commit per request, plain statements',
  random: 'AssociatePhoneNumberWithUser, random',
  neighbouring: 'AssociatePhoneNumberWithUser, neighbouring',
  logged: 'AssociatePhoneNumberWithUser, all logged',
  getUser: 'GetUser',
  getPhoneNumber: 'GetPhoneNumber',
  hashingAlone: 'Hashing alone: what a signature takes',
  randomAlone: 'SQLite alone: associations, random, 64 to a commit',
  neighbouringAlone: 'SQLite alone: associations, neighbouring, 64 to a commit',
  usersAlone: 'SQLite alone: users',
}

export async function measureSqlite(bench: Bench): Promise<Section> {
  const { folder, sizes } = bench
  const names = ['one-commit', 'random', 'neighbouring', 'logged', 'random-alone', 'neighbouring-alone']
  const files = new Map<string, string>()
  for (const name of names) files.set(name, await makeDatabase(bench, name, sizes.usual))
  const file = (name: string) => files.get(name) ?? ''
  const log = openSync(join(folder, 'log'), 'w')
  const servers = {
    noStore: await ours('no-store'),
    oneCommit: await ours('one-commit', file('one-commit')),
    random: await startBelfry(`sqlite:${file('random')}`, folder),
    neighbouring: await startBelfry(`sqlite:${file('neighbouring')}`, folder),
    logged: await startBelfry(`sqlite:${file('logged')}`, folder, { log }),
  }
  const rows = await measureRows(bench, [...subjects(bench, servers), ...alone(sizes.usual, file)])
  await Promise.all(Object.values(servers).map((server) => server.stop()))
  closeSync(log)
  for (const name of names) removeDatabase(file(name))
  return { title: 'On SQLite', about: about(sizes.usual), rows, goals: goals(rows), notes: notes(rows) }
}

const ours = (name: string, ...args: string[]) =>
  startServer([join(root, `bench/servers/${name}.ts`), ...args], { core: cores.server })

type Servers = Record<'noStore' | 'oneCommit' | 'random' | 'neighbouring' | 'logged', RunningServer>

function subjects(bench: Bench, servers: Servers): Subject[] {
  const { generator, sizes } = bench
  const subject = (text: string, { url }: RunningServer, recipe: string) =>
    underLoad(text, generator, { url, recipe, population: sizes.usual, credentials })
  return [
    theFloor(bench, label.awake, true),
    subject(label.noStore, servers.noStore, 'associate random'),
    // Not after those that write: the system goes on writing for them for a while.
    subject(label.getUser, servers.random, 'GetUser'),
    subject(label.getPhoneNumber, servers.random, 'GetPhoneNumber'),
    subject(label.oneCommit, servers.oneCommit, 'associate random'),
    subject(label.random, servers.random, 'associate random'),
    subject(label.neighbouring, servers.neighbouring, 'associate neighbouring'),
    subject(label.logged, servers.logged, 'associate random'),
  ]
}

const alone = (count: number, file: (name: string) => string): Subject[] => [
  hashingAlone(label.hashingAlone),
  usersOnSqlite(label.usersAlone, file('random-alone'), count),
  associationsOnSqlite(label.randomAlone, file('random-alone'), count, 'random'),
  associationsOnSqlite(label.neighbouringAlone, file('neighbouring-alone'), count, 'neighbouring'),
]

const about = (count: number) =>
  `${count.toLocaleString('en')} users and as many numbers, 64 connections. Every request is signed and verified; every association is on disk
before it is answered. "Random" takes users and numbers from all over the database, "neighbouring" one after the other. Belfry logs
only what goes wrong, but for the line "all logged": random associations with a log line for each request. "Alone" is a loop without
HTTP, and nobody who waits: SQLite runs the same statements, prepared.`

/** Of parts that follow each other on one core: the ratio to the floor that all of them together leave. */
function notes(rows: readonly Row[]): string[] {
  const inTurn = (...texts: string[]) => 1 / (1 + texts.reduce((sum, text) => sum + 1 / ratioOf(rows, text), 0))
  const [random, neighbouring, users] = [label.randomAlone, label.neighbouringAlone, label.usersAlone].map((text) =>
    inTurn(label.hashingAlone, text).toFixed(2),
  )
  return [
    `On one core an answer takes about what the floor, the hashing and SQLite alone take together: ${random} × the floor for random
associations, ${neighbouring} for neighbouring ones, ${users} for GetUser, were everything else free: to read the request, policy, contract, JSON.`,
  ]
}

const goals = (rows: readonly Row[]): Goal[] => [
  { what: label.random, is: ratioOf(rows, label.random), atLeast: 0.2, stretch: 0.25, unit: '× floor' },
  {
    what: 'The same, beside one commit per request',
    is: ratioBetween(rows, label.random, label.oneCommit),
    atLeast: 3,
    unit: '×',
  },
  { what: label.neighbouring, is: ratioOf(rows, label.neighbouring), atLeast: 0.34, stretch: 0.4, unit: '× floor' },
  { what: label.getUser, is: ratioOf(rows, label.getUser), atLeast: 0.35, stretch: 0.5, unit: '× floor' },
  { what: label.getPhoneNumber, is: ratioOf(rows, label.getPhoneNumber), atLeast: 0.35, stretch: 0.5, unit: '× floor' },
]
