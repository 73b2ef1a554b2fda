// rsmq has no worker: as many loops as the concurrency says receive a message, handle it, and delete it, as its
// documentation shows. It has no bulk and no keys.
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import RSMQ from 'rsmq'
import type { Adapter, Server } from '../adapter.ts'
import type { Body } from '../body.ts'

const qname = 'bench'
const pollInterval = 100 // ms, between looks at an empty queue

export async function open({ port }: Server): Promise<Adapter> {
  const rsmq = new RSMQ({ host: '127.0.0.1', port, realtime: false })
  await rsmq.createQueueAsync({ qname }).catch(ifMissing)
  return {
    version: createRequire(import.meta.url)('rsmq/package.json').version,
    ceiling: 40_000,
    send: (body) => rsmq.sendMessageAsync({ qname, message: JSON.stringify(body) }),
    work: ({ concurrency }, handle) => startLoops(port, concurrency, handle),
    left: async () => (await rsmq.getQueueAttributesAsync({ qname })).msgs,
    close: async () => rsmq.quit(() => {}),
  }
}

async function startLoops(port: number, concurrency: number, handle: (body: Body) => void) {
  const rsmq = new RSMQ({ host: '127.0.0.1', port, realtime: false })
  await rsmq.getQueueAttributesAsync({ qname }) // by then its scripts are loaded
  const state = { running: true }
  const loops = Array.from({ length: concurrency }, () => loop(rsmq, state, handle))
  return {
    async stop() {
      state.running = false
      await Promise.all(loops)
      rsmq.quit(() => {})
    },
  }
}

async function loop(rsmq: RSMQ, state: { running: boolean }, handle: (body: Body) => void) {
  while (state.running) {
    const received = await rsmq.receiveMessageAsync({ qname })
    if (!('message' in received)) {
      await sleep(pollInterval)
      continue
    }
    await Promise.resolve(JSON.parse(received.message)).then(handle)
    await rsmq.deleteMessageAsync({ qname, id: received.id })
  }
}

function ifMissing(error: Error): void {
  if (error.name !== 'queueExists') throw error
}
