// What runs in the thread of an isolated handler. build/embed-thread.js makes one text of this file and what it imports, so
// that no file has to be found in a packed or bundled program. Modules of Node are imported while it runs: whether the
// text counts as a module or as a script goes by how the program itself was started.
import { COMPLETE } from '../../lib/brand.ts'
import { InvalidBody, NotInThread } from '../../lib/errors.ts'
import type { Complete } from '../../lib/follow-ups.ts'
import type { IsolatedHandler } from '../types.ts'
import { loadHandler } from './load.ts'
import { received } from './message.ts'
import type { Birth, News, Order } from './talk.ts'
import { restored, told } from './thrown.ts'

type V8 = typeof import('node:v8')

async function main(): Promise<void> {
  const { workerData } = await import('node:worker_threads')
  const v8 = await import('node:v8')
  const { port, module } = workerData as Birth
  port.ref() // nothing else need keep the thread alive before there is a handler that listens
  const say = (news: Uint8Array) => port.postMessage(news)
  let handler: IsolatedHandler
  try {
    handler = await loadHandler(module)
  } catch (error) {
    return say(v8.serialize({ is: 'unable', error: told(error, v8.serialize) } satisfies News))
  }
  let controller = new AbortController()
  port.on('message', (bytes: Uint8Array) => {
    const order = v8.deserialize(bytes) as Order
    if (order.do === 'abort') return controller.abort(restored(order.reason))
    controller = new AbortController()
    void run(handler, order.message, controller.signal, v8).then(say)
  })
  say(v8.serialize({ is: 'ready' } satisfies News))
}

/** Run it, and say what became of it. */
async function run(
  handler: IsolatedHandler,
  message: Parameters<IsolatedHandler>[0],
  signal: AbortSignal,
  { serialize }: V8,
): Promise<Uint8Array> {
  try {
    const returned = await handler(received(message), { signal, fence: message.fence })
    return outgoing(isComplete(returned) ? returned : { result: returned }, serialize)
  } catch (error) {
    return serialize({ is: 'threw', error: told(error, serialize) } satisfies News)
  }
}

function outgoing({ result, options: complete }: Partial<Complete>, serialize: V8['serialize']): Uint8Array {
  const strange = complete?.send?.findIndex?.((one) => typeof one?.queue !== 'string') ?? -1
  if (strange >= 0)
    throw new NotInThread(
      `\`send[${strange}].queue\` must be the name of a queue: a queue cannot leave the thread of an isolated handler`,
    )
  try {
    return serialize({ is: 'returned', result, complete } satisfies News)
  } catch (cause) {
    throw new InvalidBody(`what the handler returned cannot leave its thread: ${(cause as Error).message}`, { cause })
  }
}

function isComplete(returned: unknown): returned is Complete {
  return (returned as { [COMPLETE]?: true } | null | undefined)?.[COMPLETE] === true
}

void main()
