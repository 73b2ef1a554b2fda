// What an action knows of the call that it serves; what most calls never ask for is made when they do.
import { type Queue, sqs } from '../index.ts'
import type { Identity } from './access/identity.ts'
import type { Call } from './actions/action.ts'
import { writeQueueUrl } from './queue-url.ts'
import type { Account } from './queues.ts'
import type { Incoming, Protocol } from './wire/protocol.ts'

export interface Asking {
  incoming: Incoming
  protocol: Protocol
  identity: Identity
  account: Account
  /** Of the queue that is asked for by its URL. */
  queue: string | undefined
  /** Of the URLs of queues. */
  base: () => string
}

/** Characters of a trace header that a message can carry. */
const MAX_TRACE = 1_024

export class Asked implements Call {
  /** What is to be undone if the answer does not reach who asked. */
  back: (() => Promise<void>) | undefined

  constructor(private readonly asking: Asking) {}

  get protocol(): Protocol {
    return this.asking.protocol
  }

  get account(): Account {
    return this.asking.account
  }

  readonly name = (): string => this.asking.queue ?? sqs.missing('QueueUrl')

  readonly queue = <Told>(work: (queue: Queue) => Promise<Told>): Promise<Told> => this.account.use(this.name(), work)

  readonly url = (name: string): string => {
    const { account, base } = this.asking
    return writeQueueUrl(base(), { account: account.id, name })
  }

  /** Of users alone: a message that names its sender is larger. */
  get sender(): string | undefined {
    const { kind, name } = this.asking.identity
    return kind === 'user' ? name : undefined
  }

  /** Whatever stands before the caller may have put it there: one that no message can carry is no reason to refuse it. */
  get trace(): string | undefined {
    const trace = this.asking.incoming.headers['x-amzn-trace-id']
    return typeof trace === 'string' && trace !== '' && trace.length <= MAX_TRACE ? trace : undefined
  }

  get signal(): AbortSignal {
    return this.asking.incoming.signal ?? NEVER
  }

  readonly unsent = (back: () => Promise<void>): void => {
    this.back = back
  }
}

/** Of requests that come over no connection. */
const NEVER = new AbortController().signal
