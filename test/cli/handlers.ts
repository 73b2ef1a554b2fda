// A module of handlers: the body of a message says what its handler does.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HandlerContext, type Message, Reject } from '../../lib/index.ts'

type Deed =
  | 'return'
  | 'throw'
  | 'reject'
  | 'stray'
  | 'uncaught'
  | 'await signal'
  | 'finish after SIGTERM'
  | 'ignore'
  | 'block'

const deeds: Record<Deed, (context: HandlerContext) => unknown> = {
  return: () => 'done',
  throw: () => {
    throw new Error('first line\nsecond line')
  },
  reject: () => {
    throw new Reject('not for us')
  },
  stray: () => {
    void Promise.reject(new Error('nobody waits'))
  },
  uncaught: async () => {
    setImmediate(() => {
      throw new Error('nobody catches')
    })
    await sleep(20)
  },
  'await signal': async ({ signal }) => {
    await once(signal, 'abort')
    throw signal.reason
  },
  'finish after SIGTERM': async () => {
    await once(process, 'SIGTERM')
    await sleep(50)
  },
  ignore: () => new Promise(() => {}),
  block: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000),
}

export function tasks({ body }: Message<Deed>, context: HandlerContext): unknown {
  console.log(`handler: ${body}`)
  return deeds[body](context)
}

export const mail = {
  handler: ({ body }: Message<string>) => console.log(`mail: ${body}`),
  options: { concurrency: 2 },
  queue: { name: 'outgoing-mail', visibility: '2m', deadLetter: { maxReceives: 2 } },
}

export default ({ body }: Message<string>) => console.log(`default: ${body}`)

export const limits = { most: 3 }

export class Helper {}
