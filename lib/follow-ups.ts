// Messages that are sent with a completion: all is checked before the completion leaves, and they are sent by its script.
import { Backend } from './backend.ts'
import { COMPLETE } from './brand.ts'
import type { Content } from './content.ts'
import type { Durability } from './durability.ts'
import { InvalidOption, QueueDoesNotExist } from './errors.ts'
import { known, queueName } from './options.ts'
import type { Queue } from './queue.ts'
import type { FollowUp as Planned } from './redis/deliveries.ts'
import { MESSAGE_OPTIONS, Sender, type SendOptions } from './sender.ts'
import type { Shared } from './shared.ts'

/** A message that is sent if, and only if, a completion is accepted: where to, what, and the options of a send. */
export type FollowUp = {
  // biome-ignore lint/suspicious/noExplicitAny: a queue of any bodies and results
  queue: string | Queue<any, any>
  body: unknown
} & Omit<SendOptions, 'id' | 'durability' | 'timeout' | 'signal'>

export interface CompleteOptions {
  /** Messages that are sent with the completion, all or none: 1 to 100, to any queues. */
  send?: FollowUp[]
  /** When the completion is answered: 'memory', 'fsync', or { fsync, replicas }; the queue's or worker's own unless given. */
  durability?: Durability
}

/** What a handler returns that completes its message with a result and sends others in the same step. */
export class Complete<Result = unknown> {
  constructor(
    readonly result: Result,
    readonly options: CompleteOptions = {},
  ) {
    known(options, ['send', 'durability'], 'Complete')
  }

  /** @internal */
  get [COMPLETE](): true {
    return true
  }
}

const FOLLOW_UP_OPTIONS = ['queue', 'body', ...MESSAGE_OPTIONS]
const MOST = 100

/** Check messages that are to follow a completion in `source`, and make them ready. */
export async function planFollowUps(
  shared: Shared,
  source: string,
  { send }: CompleteOptions,
): Promise<Planned[] | undefined> {
  if (send === undefined) return undefined
  if (!Array.isArray(send) || send.length > MOST)
    throw new InvalidOption(`\`send\` must be a list of up to ${MOST} messages, each with a \`queue\` and a \`body\``)
  if (send.length === 0) return undefined
  const planned = await Promise.all(send.map((one) => plan(shared, one)))
  await shared.errands.add('forward', source)
  return planned
}

async function plan(shared: Shared, followUp: FollowUp): Promise<Planned> {
  if (followUp === undefined || followUp === null) throw new InvalidOption('a message to be sent must be an object')
  known(followUp, FOLLOW_UP_OPTIONS, 'a message to be sent')
  const { queue, body, ...options } = followUp
  const { backend, content } = await destination(shared, queue)
  await content.checked(body)
  const opened = await backend.open()
  // Nobody asks the queue itself when the message is sent: what it says is looked up instead.
  await backend.renew()
  const { message } = new Sender(backend, content).prepare(backend.opened ?? opened, body, options)
  return { queue: backend.name, message }
}

async function destination(shared: Shared, queue: FollowUp['queue']): Promise<{ backend: Backend; content: Content }> {
  if (typeof queue !== 'string') {
    const { backend, content } = (queue ?? {}) as unknown as Queue
    if (!(backend instanceof Backend)) throw new InvalidOption('`queue` must be the name of a queue, or a queue')
    if (backend.shared.namespace !== shared.namespace)
      throw new InvalidOption(`queue ${backend.name} is of another namespace: messages follow within one`)
    return { backend, content }
  }
  const backend = await shared.outbox.queue(queueName(queue))
  if (!backend) throw new QueueDoesNotExist(`queue ${queue} does not exist`)
  return { backend, content: shared.content }
}
