// The handler of worker-process.ts, in its own thread or in others: messages say what becomes of it, the ledger says what it did.
import { setTimeout as sleep } from 'node:timers/promises'
import type { BoomerangError, HandlerContext, IsolatedMessage } from '../../lib/index.ts'
import { type Deed, Ledger, type Task } from './ledger.ts'

type Message = IsolatedMessage<Task>

export const ledger = new Ledger(process.env['LEDGER'] as string)
/** End the handlers that hold in this thread. */
export const holding = new Set<() => void>()

const nap = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

const deeds: Record<Deed, (message: Message, signal: AbortSignal) => unknown> = {
  work: ({ body }) => sleep(body.ms ?? 0),
  hold: (message, signal) =>
    new Promise<void>((resolve, reject) => {
      holding.add(resolve)
      signal.addEventListener('abort', () => {
        ledger.note('aborted', message, (signal.reason as BoomerangError).code)
        reject(signal.reason)
      })
    }),
  block: ({ body, deliveries }) => {
    const taken = () => ledger.lines('started').some(({ n, delivery }) => n === body.n && delivery > deliveries)
    while (!taken()) nap(20)
  },
  compute: ({ body }) => nap(body.ms ?? 0),
  forever: () => {
    for (;;) nap(20)
  },
  exit: () => process.exit(3),
  kill: () => process.kill(process.pid, 'SIGKILL'),
}

export default async function handle(message: Message, { signal }: HandlerContext): Promise<undefined> {
  ledger.note('started', message)
  await deeds[message.body.deeds?.[message.deliveries - 1] ?? 'work'](message, signal)
  ledger.note('finished', message)
}
