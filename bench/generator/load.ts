/** Closed-loop load over raw sockets: each connection sends its next request when the previous one is answered. */
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { closesConnection, isComplete, isSuccess } from './answers.ts'
import type { Outcome, Plan } from './plan.ts'
import { type Recorder, createRecorder } from './recorder.ts'

/** Returns the requests for the next item, to be sent in order, or undefined once no item is left. */
export type NextRequests = () => readonly Buffer[] | undefined

interface Run {
  nextRequests: NextRequests
  recorder: Recorder
  isOver: boolean
}

/** A simulated client. It has one connection at a time. */
interface Client {
  socket: Socket
  /** For the current item. */
  requests: readonly Buffer[]
  sent: number
}

/** Calls `report` with the outcome of each slice. */
export async function load(plan: Plan, nextRequests: NextRequests, report: (outcome: Outcome) => void): Promise<void> {
  const clients = await Promise.all(Array.from({ length: plan.connections }, () => openClient(plan.url)))
  const run: Run = { nextRequests, recorder: createRecorder(), isOver: false }
  const done = Promise.all(clients.map((client) => sendUntilOver(client, plan.url, run)))
  if (plan.busyPoll) busyPoll(run)
  for (let slice = 1; slice < plan.slices; slice++) {
    await sleep(plan.seconds * 1000)
    report(run.recorder.flush())
  }
  await Promise.race([sleep(plan.seconds * 1000), done])
  run.isOver = true
  const timeout = setTimeout(() => disconnect(clients), drainTimeoutMs)
  await done
  clearTimeout(timeout)
  report(run.recorder.flush())
}

/** A sleeping generator has to be woken by the server, which can cost more than the answer on a virtual machine. */
function busyPoll(run: Run) {
  if (!run.isOver) setImmediate(busyPoll, run)
}

/** For the last answers, after the end of the run. */
const drainTimeoutMs = 20_000

function disconnect(clients: readonly Client[]) {
  for (const { socket } of clients) socket.destroy(new Error('No answer came'))
}

const openClient = async (url: string): Promise<Client> => ({ socket: await openSocket(url), requests: [], sent: 0 })

async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  await once(socket, 'connect')
  return socket
}

/** Some servers close the connection after each answer; then another one is opened. */
async function sendUntilOver(client: Client, url: string, run: Run): Promise<void> {
  while ((await sendUntilClosed(client, run)) === 'closed by the server') client.socket = await openSocket(url)
}

/** Resolves once the connection is closed: by the server, or because no request is left or the run is over. */
function sendUntilClosed(client: Client, run: Run): Promise<Ending> {
  const { socket } = client
  let [text, began, ending]: [string, number, Ending] = ['', 0, 'broke']
  const end = (how: Ending) => {
    ending = how
    socket.destroy()
  }
  const sendNext = () => {
    const request = nextRequest(client, run)
    began = performance.now()
    if (request) socket.write(request)
    else end('done')
  }
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    if (!isComplete(text)) return
    record(client, run.recorder, text, performance.now() - began)
    if (closesConnection(text)) end('closed by the server')
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

function nextRequest(client: Client, run: Run): Buffer | undefined {
  if (client.sent >= client.requests.length) {
    client.requests = (run.isOver ? undefined : run.nextRequests()) ?? []
    client.sent = 0
  }
  return client.requests[client.sent++]
}

function record({ sent, requests }: Client, recorder: Recorder, answer: string, milliseconds: number) {
  recorder.answered(milliseconds)
  if (!isSuccess(answer)) recorder.fail(answer)
  if (sent === requests.length) recorder.used++
}
