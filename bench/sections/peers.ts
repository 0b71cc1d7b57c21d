import { join } from 'node:path'
import { mkdirSync, writeFileSync } from 'node:fs'
import { describeApis } from '../../src/domains/contracts.ts'
import type { Bench, Section } from '../types.ts'
import { credentials } from '../data.ts'
import type { Generator } from '../generator/start.ts'
import { type RunningPeer, peers, startPeer } from '../servers/peers.ts'
import { type Subject, underLoad } from '../rounds.ts'
import { measureRows } from '../rows.ts'

const population = 1_000_000

export async function measurePeers(bench: Bench): Promise<Section> {
  const folder = join(bench.folder, 'peers')
  mkdirSync(folder)
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(describeApis()))
  bench.print(`  starting ${peers.map(({ name }) => name).join(', ')}`)
  const outcomes = await Promise.all(peers.map((peer) => startPeer(peer, folder)))
  const started = outcomes.filter((outcome) => typeof outcome !== 'string')
  const absent = outcomes.filter((outcome) => typeof outcome === 'string')
  for (const peer of started) await createTable(bench.generator, peer)
  const rows = await measureRows(
    bench,
    started.map((peer) => subject(bench.generator, peer)),
  )
  for (const { stop } of started) await stop()
  return { title: 'Peers', about, rows, goals: [], notes: [...absent, ...started.map(describe)] }
}

async function createTable(generator: Generator, { peer, url }: RunningPeer) {
  if (peer.setupRecipe === undefined) return
  const plan = {
    url,
    recipe: peer.setupRecipe,
    connections: 1,
    seconds: 20,
    population: 1,
    from: 0,
    presign: 1,
    credentials,
  }
  const { failed, sample } = await generator.run(plan)
  if (failed > 0) throw new Error(`${peer.name} has no table: ${sample}`)
}

const subject = (generator: Generator, { peer, url }: RunningPeer): Subject =>
  underLoad(peer.label, generator, { url, recipe: peer.recipe, population, credentials })

const describe = ({ peer }: RunningPeer) => `${peer.name}: ${peer.about}`

const about = `Other servers that emulate a cloud service, each with its most similar request, on the same core and under the same 64 connections.`
