import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { associationsOnSqlite, hashingBaseline, usersOnSqlite } from '../baselines.ts'
import type { Bench, Goal, Row, Section } from '../types.ts'
import { credentials } from '../data.ts'
import { makeDatabase, removeDatabase } from '../databases.ts'
import { type RunningServer, cores, root, startServer } from '../processes.ts'
import { type Subject, underLoad } from '../rounds.ts'
import { measureRows, ratioBetween, ratioOf, floorSubject } from '../rows.ts'
import { startBelfry } from '../servers/belfry.ts'

const label = {
  busyPoll: 'The floor, with a generator that never sleeps',
  noStore: 'No store: signature, routing, validation',
  oneCommit: 'One commit per request, plain statements',
  random: 'AssociatePhoneNumberWithUser, random',
  neighbouring: 'AssociatePhoneNumberWithUser, neighbouring',
  logged: 'AssociatePhoneNumberWithUser, all logged',
  getUser: 'GetUser',
  getPhoneNumber: 'GetPhoneNumber',
  hashingBaseline: 'Hashing alone: for one signature',
  randomBaseline: 'SQLite alone: associations, random, 64 to a commit',
  neighbouringBaseline: 'SQLite alone: associations, neighbouring, 64 to a commit',
  usersBaseline: 'SQLite alone: users',
}

export async function measureSqlite(bench: Bench): Promise<Section> {
  const { folder, sizes } = bench
  const names = ['one-commit', 'random', 'neighbouring', 'logged', 'random-baseline', 'neighbouring-baseline']
  const files = new Map<string, string>()
  for (const name of names) files.set(name, await makeDatabase(bench, name, sizes.usual))
  const file = (name: string) => files.get(name) ?? ''
  const log = openSync(join(folder, 'log'), 'w')
  const servers = {
    noStore: await startBenchServer('no-store'),
    oneCommit: await startBenchServer('one-commit', file('one-commit')),
    random: await startBelfry(`sqlite:${file('random')}`, folder),
    neighbouring: await startBelfry(`sqlite:${file('neighbouring')}`, folder),
    logged: await startBelfry(`sqlite:${file('logged')}`, folder, { log }),
  }
  const rows = await measureRows(bench, [...subjects(bench, servers), ...baselines(sizes.usual, file)])
  await Promise.all(Object.values(servers).map((server) => server.stop()))
  closeSync(log)
  for (const name of names) removeDatabase(file(name))
  return { title: 'On SQLite', about: about(sizes.usual), rows, goals: goals(rows), notes: notes(rows) }
}

const startBenchServer = (name: string, ...args: string[]) =>
  startServer([join(root, `bench/servers/${name}.ts`), ...args], { core: cores.server })

type Servers = Record<'noStore' | 'oneCommit' | 'random' | 'neighbouring' | 'logged', RunningServer>

function subjects(bench: Bench, servers: Servers): Subject[] {
  const { generator, sizes } = bench
  const subject = (text: string, { url }: RunningServer, recipe: string) =>
    underLoad(text, generator, { url, recipe, population: sizes.usual, credentials })
  return [
    floorSubject(bench, label.busyPoll, true),
    subject(label.noStore, servers.noStore, 'associate random'),
    // Before the subjects that write, because the kernel still writes to the disk for a while after them.
    subject(label.getUser, servers.random, 'GetUser'),
    subject(label.getPhoneNumber, servers.random, 'GetPhoneNumber'),
    subject(label.oneCommit, servers.oneCommit, 'associate random'),
    subject(label.random, servers.random, 'associate random'),
    subject(label.neighbouring, servers.neighbouring, 'associate neighbouring'),
    subject(label.logged, servers.logged, 'associate random'),
  ]
}

const baselines = (count: number, file: (name: string) => string): Subject[] => [
  hashingBaseline(label.hashingBaseline),
  usersOnSqlite(label.usersBaseline, file('random-baseline'), count),
  associationsOnSqlite(label.randomBaseline, file('random-baseline'), count, 'random'),
  associationsOnSqlite(label.neighbouringBaseline, file('neighbouring-baseline'), count, 'neighbouring'),
]

const about = (count: number) =>
  `${count.toLocaleString('en')} users and as many numbers, 64 connections. Every request is signed and verified; every association is on disk
before it is answered. "Random" takes users and numbers from all over the database, "neighbouring" in the order of their keys. Belfry logs
errors only, except in the row "all logged": random associations with a log line for each request. "Alone" is a tight loop without HTTP or
concurrency; SQLite runs the same statements, prepared.`

function notes(rows: readonly Row[]): string[] {
  /** The ratio to the floor of a request that takes the floor's time plus the time of all these rows. */
  const ratioInSeries = (...texts: string[]) => 1 / (1 + texts.reduce((sum, text) => sum + 1 / ratioOf(rows, text), 0))
  const [random, neighbouring, users] = [label.randomBaseline, label.neighbouringBaseline, label.usersBaseline].map(
    (text) => ratioInSeries(label.hashingBaseline, text).toFixed(2),
  )
  return [
    `On one core an answer takes about as long as the floor, the hashing and SQLite alone together. If everything else (reading the request,
policy, contract, JSON) were free, that would be ${random} × the floor for random associations, ${neighbouring} for neighbouring ones, ${users} for GetUser.`,
  ]
}

const goals = (rows: readonly Row[]): Goal[] => [
  { label: label.random, value: ratioOf(rows, label.random), atLeast: 0.2, stretch: 0.25, unit: '× floor' },
  {
    label: 'The same, relative to one commit per request',
    value: ratioBetween(rows, label.random, label.oneCommit),
    atLeast: 3,
    unit: '×',
  },
  { label: label.neighbouring, value: ratioOf(rows, label.neighbouring), atLeast: 0.34, stretch: 0.4, unit: '× floor' },
  { label: label.getUser, value: ratioOf(rows, label.getUser), atLeast: 0.35, stretch: 0.5, unit: '× floor' },
  {
    label: label.getPhoneNumber,
    value: ratioOf(rows, label.getPhoneNumber),
    atLeast: 0.35,
    stretch: 0.5,
    unit: '× floor',
  },
]
