// Senders and workers that go on while something happens to the queue under them. Each effect has a name: a message without
// a key, an idempotency key that two senders use, or a key that workers derive from messages sent twice.
import { type Client, type Queue, Worker } from '../../lib/index.ts'
import type { Scene } from './scene.ts'
import { until } from './until.ts'

interface Body {
  n: number
  effect: string
}

export interface Load extends AsyncDisposable {
  /** How often each effect took place. */
  effects: Map<string, number>
  /** What callers and workers were told: nothing, when all is well. */
  errors: string[]
  /** Waits until so many more effects have taken place. */
  more(count: number): Promise<void>
  /** Ends the senders, waits until all that was sent has taken effect, and answers what did not take place exactly once. */
  ended(): Promise<string[]>
}

export async function load(scene: Scene, concurrency = 20): Promise<Load> {
  const effects = new Map<string, number>()
  const errors: string[] = []
  const wanted = new Set<string>()
  let sending = true
  const note = (error: Error) => void errors.push(`${error.name}: ${error.message}`)

  const workers: Worker<Body>[] = []
  for (let i = 0; i < 2; i++) {
    const { client } = await scene.another({ timeout: '1m' })
    const queue = client.queue<Body>(scene.queue.name)
    const worker = new Worker(queue, ({ body }) => void effects.set(body.effect, (effects.get(body.effect) ?? 0) + 1), {
      concurrency,
      idempotencyKey: ({ body }) => body.effect,
    })
    worker.on('error', note)
    await worker.start()
    workers.push(worker)
  }

  // Both senders send the same keys, at about the same time.
  const sends = async (queue: Queue<Body>, who: string) => {
    for (let n = 0; sending; n++) {
      const named = { n, effect: `key ${n}` }
      const derived = { n, effect: `derived ${n}` }
      const plain = { n, effect: `${who} ${n}` }
      for (const { effect } of [named, derived, plain]) wanted.add(effect)
      const calls = [
        queue.send(named, { idempotencyKey: named.effect }),
        queue.send(derived),
        n % 2 ? queue.send(plain) : queue.sendMany([{ body: plain }]).then(([one]) => failed(one)),
      ]
      await Promise.all(calls.map((call) => (call as Promise<unknown>).catch(note)))
      if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  const clients: Client[] = [
    (await scene.another({ timeout: '1m' })).client,
    (await scene.another({ timeout: '1m' })).client,
  ]
  const senders = clients.map((client, i) => sends(client.queue<Body>(scene.queue.name), `sender${i}`))

  return {
    effects,
    errors,
    async more(count) {
      const goal = effects.size + count
      await until(`${count} more messages are done`, () => effects.size >= goal)
    },
    async ended() {
      sending = false
      await Promise.all(senders)
      await until('all that was sent has taken effect', () => [...wanted].every((effect) => effects.has(effect)))
      return [...effects].filter(([, times]) => times !== 1).map(([effect, times]) => `${effect}: ${times} times`)
    },
    async [Symbol.asyncDispose]() {
      sending = false
      await Promise.all(senders)
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}

function failed(outcome: object | undefined): void {
  if (outcome && 'error' in outcome) throw outcome.error
}
