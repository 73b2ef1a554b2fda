// Servers with two replicas each, a client, and what is common to the sentences about them.
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type Client, connect, type NotDurable, type Queue } from '../../lib/index.ts'
import { type Replicated, startReplicated } from '../harness/replicated.ts'
import { valkeyBinary } from '../harness/server-binary.ts'

/** ms: what cannot be answered is waited for no longer than this. What is to be answered has all its time. */
export const SHORT = 400

export interface Stage {
  servers: Replicated
  client: Client
  /** A name of its own. */
  name(): string
  /** A queue of its own, answered when so many replicas have it. */
  queue(replicas?: number): Queue
  ready(queue: Queue): Promise<number>
  /** While these replicas stand still. */
  paused(replicas: number[], task: () => Promise<void>): Promise<void>
  /** The error of a call whose level cannot be reached. */
  late(call: Promise<unknown>): Promise<NotDurable>
}

/** Over Redis, and over Valkey where there is one: that counts only what a connection has written itself. */
export function overReplicas(sentences: (stage: Stage) => void): void {
  const binary = valkeyBinary()
  const each = [{ server: 'redis', binary: undefined }, ...(binary ? [{ server: 'valkey', binary }] : [])]
  describe.each(each)('on $server', ({ binary }) => {
    let count = 0
    const stage: Stage = {
      servers: undefined as unknown as Replicated,
      client: undefined as unknown as Client,
      name: () => `queue${++count}`,
      queue: (replicas = 1) => stage.client.queue(stage.name(), { durability: { replicas } }),
      ready: async (queue) => (await queue.stats()).ready,
      paused: async (replicas, task) => {
        for (const i of replicas) await stage.servers.replicas[i]?.kill('SIGSTOP')
        try {
          await task()
        } finally {
          for (const i of replicas) await stage.servers.replicas[i]?.kill('SIGCONT')
        }
      },
      late: async (call) => {
        const error = await call.then(
          (answer) => new Error(`it was answered: ${JSON.stringify(answer)}`),
          (error) => error,
        )
        expect(error).toMatchObject({ code: 'NotDurable' })
        return error
      },
    }
    beforeAll(async () => {
      stage.servers = await startReplicated(2, { ...(binary && { binary }) })
      stage.client = await connect(stage.servers.master.url)
    })
    afterAll(async () => {
      await stage.client.close()
      await stage.servers.stop()
    })
    sentences(stage)
  })
}
