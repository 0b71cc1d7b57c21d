/** Keeps connections busy over raw sockets: each sends its next request when the last one is answered. */
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { isLast, isSuccess, isWhole } from './answers.ts'
import type { Outcome, Plan } from './plan.ts'
import { type Recorder, createRecorder } from './recorder.ts'

/** The next requests about one thing, to be sent one after the other; undefined where there is none left. */
export type Take = () => readonly Buffer[] | undefined

interface Run {
  take: Take
  recorder: Recorder
  isOver: boolean
}

/** One connection at a time, and what is being sent over it. */
interface Lane {
  socket: Socket
  requests: readonly Buffer[]
  sent: number
}

/** Calls `report` with the outcome of each slice. */
export async function load(plan: Plan, take: Take, report: (outcome: Outcome) => void): Promise<void> {
  const lanes = await Promise.all(Array.from({ length: plan.connections }, () => openLane(plan.url)))
  const run: Run = { take, recorder: createRecorder(), isOver: false }
  const done = Promise.all(lanes.map((lane) => keepBusy(lane, plan.url, run)))
  if (plan.awake) stayAwake(run)
  for (let slice = 1; slice < plan.slices; slice++) {
    await sleep(plan.seconds * 1000)
    report(run.recorder.flush())
  }
  await Promise.race([sleep(plan.seconds * 1000), done])
  run.isOver = true
  const late = setTimeout(() => giveUp(lanes), patienceMs)
  await done
  clearTimeout(late)
  report(run.recorder.flush())
}

/** Waking a core that sleeps falls to the server that answers; on a virtual machine it can cost more than the answer. */
function stayAwake(run: Run) {
  if (!run.isOver) setImmediate(stayAwake, run)
}

/** How long the last answers may take after the end. */
const patienceMs = 20_000

function giveUp(lanes: readonly Lane[]) {
  for (const { socket } of lanes) socket.destroy(new Error('No answer came'))
}

const openLane = async (url: string): Promise<Lane> => ({ socket: await open(url), requests: [], sent: 0 })

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  await once(socket, 'connect')
  return socket
}

/** Some servers close each connection after an answer; then another is opened. */
async function keepBusy(lane: Lane, url: string, run: Run): Promise<void> {
  while ((await useUp(lane, run)) === 'closed by the server') lane.socket = await open(url)
}

/** Resolves when nothing is left to send or the run is over, and what was begun is answered. */
function useUp(lane: Lane, run: Run): Promise<Ending> {
  const { socket } = lane
  let [text, began, ending]: [string, number, Ending] = ['', 0, 'broke']
  const end = (how: Ending) => {
    ending = how
    socket.destroy()
  }
  const sendNext = () => {
    const request = nextRequest(lane, run)
    began = performance.now()
    if (request) socket.write(request)
    else end('done')
  }
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    if (!isWhole(text)) return
    record(lane, run.recorder, text, performance.now() - began)
    if (isLast(text)) end('closed by the server')
    else sendNext()
    text = ''
  })
  socket.on('error', (error) => run.recorder.fail(String(error)))
  sendNext()
  return new Promise((resolve) =>
    socket.on('close', () => {
      if (ending === 'broke') run.recorder.fail(`The connection broke after ${text}`)
      resolve(ending)
    }),
  )
}

type Ending = 'broke' | 'closed by the server' | 'done'

function nextRequest(lane: Lane, run: Run): Buffer | undefined {
  if (lane.sent >= lane.requests.length) {
    lane.requests = (run.isOver ? undefined : run.take()) ?? []
    lane.sent = 0
  }
  return lane.requests[lane.sent++]
}

function record({ sent, requests }: Lane, recorder: Recorder, answer: string, milliseconds: number) {
  recorder.answered(milliseconds)
  if (!isSuccess(answer)) recorder.fail(answer)
  if (sent === requests.length) recorder.used++
}
