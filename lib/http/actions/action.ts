// An action of SQS: what it takes and answers, what it needs to be allowed, and how it is done by the library.
import type { Queue } from '../../index.ts'
import type { Need } from '../access/identity.ts'
import type { Account } from '../queues.ts'
import type { Shape } from '../wire/model.ts'
import type { Protocol } from '../wire/protocol.ts'

// biome-ignore lint/suspicious/noExplicitAny: each action knows the shape of its own input, checked against `input`
export interface Action<Input = any> {
  input: Shape
  /** A void action has none. */
  output?: Shape
  /** Of an action that takes no QueueUrl: the account that is asked for, where it is not the caller's own. */
  owner?(input: Input): string | undefined
  needs(input: Input, call: Call): Need[]
  run(input: Input, call: Call): Promise<object | undefined>
}

/** What an action knows of the call that it serves. */
export interface Call {
  protocol: Protocol
  /** Of the queue that is asked for; the caller's own where no queue is. */
  account: Account
  /** Name of the queue that is asked for, by its URL. */
  name(): string
  /** Do something with the queue of that name, as `account.use`; rejects with QueueDoesNotExist. */
  queue<Told>(work: (queue: Queue) => Promise<Told>): Promise<Told>
  /** The URL of a queue of the account. */
  url(name: string): string
  /** The user who calls, as messages name their senders. */
  sender: string | undefined
  trace: string | undefined
  /** Read only by a receive that may wait. Aborted, it answers nothing received. */
  signal: AbortSignal
  /** What is to be undone if the answer does not reach the client. */
  unsent(back: () => Promise<void>): void
}
