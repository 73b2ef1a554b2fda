// Senders and workers of a FIFO queue that go on while something happens to it. Each sender has groups of its own, whose
// messages are numbered; it does not await one send before the next, and sends some of them twice.
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from '../../lib/index.ts'
import type { Scene } from './scene.ts'
import { until } from './until.ts'

export interface OrderedLoad extends AsyncDisposable {
  /** What callers and workers were told, and what came out of order or twice: nothing, when all is well. */
  errors: string[]
  /** Waits until so many more messages are done. */
  more(count: number): Promise<void>
  /** Ends the senders, and waits until all that was sent is done. */
  ended(): Promise<void>
}

const GROUPS = 8
const BURST = 5

export async function orderedLoad(scene: Scene): Promise<OrderedLoad> {
  const errors: string[] = []
  const note = (error: Error) => void errors.push(`${error.name}: ${error.message}`)
  const sent = new Map<string, number>()
  const done = new Map<string, { n: number; sequence: string }>()
  let [sending, count] = [true, 0]

  const workers = await Promise.all(
    [0, 1].map(async () => {
      const { queue } = await scene.another({ timeout: '1m' })
      const worker = new Worker(
        queue,
        async ({ body: { n }, group = '', sequenceNumber = '' }) => {
          const last = done.get(group)
          const { n: before, sequence } = last ?? { n: -1, sequence: '' }
          if (n !== before + 1) errors.push(`${group}: ${n} came after ${before}`)
          if (sequenceNumber <= sequence) errors.push(`${group}: number ${sequenceNumber} came after ${sequence}`)
          done.set(group, { n, sequence: sequenceNumber })
          count++
          await sleep(Math.random() * 3)
        },
        { concurrency: 10 },
      )
      worker.on('error', note)
      worker.on('lost', ({ message }) => void errors.push(`${message.id} was lost`))
      await worker.start()
      return worker
    }),
  )

  async function send(who: number): Promise<void> {
    const { queue } = await scene.another({ timeout: '1m' })
    for (let turn = 0; sending; turn++) {
      const group = `sender ${who}, group ${turn % GROUPS}`.replaceAll(' ', '-')
      const from = sent.get(group) ?? 0
      sent.set(group, from + BURST)
      const calls = Array.from({ length: BURST }, (_, i) => {
        const call = () => queue.send({ n: from + i } as never, { group, deduplicationId: `${group}-${from + i}` })
        return i % 3 === 0 ? Promise.all([call(), call()]) : call()
      })
      await Promise.all(calls.map((call) => (call as Promise<unknown>).catch(note)))
      await sleep(1)
    }
  }
  const senders = [0, 1].map(send)

  return {
    errors,
    async more(more) {
      const goal = count + more
      await until(`${more} more messages are done`, () => count >= goal)
    },
    async ended() {
      sending = false
      await Promise.all(senders)
      await until('all that was sent is done', () => [...sent].every(([group, n]) => done.get(group)?.n === n - 1))
    },
    async [Symbol.asyncDispose]() {
      sending = false
      await Promise.all(senders)
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}
