// The load generator, a process of its own: does one job, and tells when what is counted begins and ends.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { nextBody } from '../body.ts'
import { percentile } from '../figures.ts'
import type { Found, Job, Told } from './job.ts'
import { type Maker, requestsTo } from './requests.ts'
import { type Answer, Wire } from './wire.ts'

interface Scene {
  job: Job
  wires: Wire[]
  make: Maker
  QueueUrl: string
}

const TEN = Array.from({ length: 10 }, (_, i) => i)
const body = JSON.stringify(nextBody())
const entries = TEN.map((i) => ({ Id: `e${i}`, MessageBody: body }))

const kinds: Record<Job['kind'], (scene: Scene) => Promise<Found>> = {
  send: (scene) => repeat(scene, scene.make('SendMessage', { QueueUrl: scene.QueueUrl, MessageBody: body }), 1),
  batch: (scene) => repeat(scene, scene.make('SendMessageBatch', { QueueUrl: scene.QueueUrl, Entries: entries }), 10),
  drain,
  wake,
  idle,
}

process.once('message', async (job: Job) => {
  const url = new URL(job.url)
  const make = requestsTo(url, job.key)
  const wires = await opened(url, job.connections)
  const first = wires[0] as Wire
  const made = await first.send(make('CreateQueue', { QueueName: `bench-${process.pid}` }))
  const { QueueUrl } = parsed<{ QueueUrl: string }>(made)
  const found = await kinds[job.kind]({ job, wires, make, QueueUrl })
  for (const wire of wires) wire.close()
  process.send?.({ say: 'found', found } satisfies Told, () => process.disconnect())
})

async function opened(url: URL, count: number): Promise<Wire[]> {
  const wires: Wire[] = []
  while (wires.length < count) {
    const some = Array.from({ length: Math.min(count - wires.length, 100) }, () => Wire.open(url))
    wires.push(...(await Promise.all(some)))
  }
  return wires
}

async function tell(say: 'begin' | 'end'): Promise<void> {
  process.send?.({ say } satisfies Told)
  await once(process, 'message')
}

function parsed<T>({ status, body: text }: Answer): T {
  if (status !== 200) throw new Error(`status ${status}: ${text}`)
  return JSON.parse(text) as T
}

/** The same request again and again on each connection. */
async function repeat({ wires, job }: Scene, request: Buffer, each: number): Promise<Found> {
  const loops = async (seconds: number, note: (ms: number) => void) => {
    const until = performance.now() + seconds * 1000
    await Promise.all(
      wires.map(async (wire) => {
        for (let begun = performance.now(); begun < until; ) {
          const { status, body: text } = await wire.send(request)
          if (status !== 200 || text.includes('"Failed":[{')) throw new Error(`status ${status}: ${text}`)
          const now = performance.now()
          note(now - begun)
          begun = now
        }
      }),
    )
  }
  await loops(job.warmUp, () => {})
  return counted(each, (note) => loops(job.seconds, note))
}

/** Tells begin and end around a task; each time that it notes stands for `each` messages. */
async function counted(each: number, task: (note: (ms: number) => void) => Promise<void>): Promise<Found> {
  const times: number[] = []
  await tell('begin')
  const begun = performance.now()
  await task((ms) => void times.push(ms))
  const seconds = (performance.now() - begun) / 1000
  await tell('end')
  return { messages: times.length * each, seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

interface Received {
  Messages?: { ReceiptHandle: string }[]
}

/** Receive and delete what waits, until the time is over or nothing is left. */
async function drain(scene: Scene): Promise<Found> {
  const { job, wires, make, QueueUrl } = scene
  const each = job.each ?? 1
  const { messages: waiting = 0 } = job
  const receive = make('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: each })
  let messages = 0
  const loop = async (wire: Wire, until: number, note: (ms: number) => void) => {
    for (let begun = performance.now(); begun < until; ) {
      const { Messages: received = [] } = parsed<Received>(await wire.send(receive))
      if (received.length === 0) return
      const [one] = received as [{ ReceiptHandle: string }]
      const Entries = received.map(({ ReceiptHandle }, i) => ({ Id: `e${i}`, ReceiptHandle }))
      const gone =
        each === 1
          ? make('DeleteMessage', { QueueUrl, ReceiptHandle: one.ReceiptHandle })
          : make('DeleteMessageBatch', { QueueUrl, Entries })
      const { status, body: text } = await wire.send(gone)
      if (status !== 200 || text.includes('"Failed":[{')) throw new Error(`status ${status}: ${text}`)
      messages += received.length
      const now = performance.now()
      note(now - begun)
      begun = now
    }
  }
  const loops = async (seconds: number, note: (ms: number) => void) => {
    const until = performance.now() + seconds * 1000
    await Promise.all(wires.map((wire) => loop(wire, until, note)))
  }
  await fill(scene, waiting / 4)
  await loops(job.warmUp, () => {})
  await fill(scene, waiting)
  messages = 0
  const found = await counted(1, (note) => loops(job.seconds, note))
  return { ...found, messages }
}

async function fill({ wires, make, QueueUrl }: Scene, count: number): Promise<void> {
  const request = make('SendMessageBatch', { QueueUrl, Entries: entries })
  let left = Math.ceil(count / entries.length)
  const loop = async (wire: Wire) => {
    while (left-- > 0) parsed(await wire.send(request))
  }
  await Promise.all(wires.slice(0, 8).map(loop))
}

/** From the call of a send to the answer of the long poll that it ends, one message at a time. */
async function wake({ wires: [sender, poller], job, make, QueueUrl }: Scene): Promise<Found> {
  const poll = make('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 })
  const send = make('SendMessage', { QueueUrl, MessageBody: body })
  return counted(1, async (note) => {
    for (let i = 0; i < (job.messages ?? 0); i++) {
      const woken = (poller as Wire).send(poll)
      await sleep(3 + 5 * Math.random())
      const begun = performance.now()
      const sent = (sender as Wire).send(send)
      const { Messages: received = [] } = parsed<Received>(await woken)
      note(performance.now() - begun)
      parsed(await sent)
      const { ReceiptHandle } = received[0] as { ReceiptHandle: string }
      await (sender as Wire).send(make('DeleteMessage', { QueueUrl, ReceiptHandle }))
    }
  })
}

/** Long polls on an empty queue, one a connection; counted while none of them ends. */
async function idle({ wires, job, make, QueueUrl }: Scene): Promise<Found> {
  const poll = make('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 })
  const polls = wires.map((wire) => wire.send(poll))
  const early = Promise.race(polls).then(({ status }) => {
    throw new Error(`a poll ended with status ${status} before its time`)
  })
  await Promise.race([early, sleep(job.warmUp * 1000)])
  await tell('begin')
  await Promise.race([early, sleep(job.seconds * 1000)])
  await tell('end')
  early.catch(() => {})
  return { messages: 0, seconds: job.seconds, p50: 0, p99: 0 }
}
