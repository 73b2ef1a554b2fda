// The accounts whose queues are asked for: each is a namespace of the library, with a client and handles of its own.
import { type Client, type NewQueue, type Queue, QueueDoesNotExist, sqs } from '../index.ts'
import type { Policy } from './access/policy/parse.ts'

export interface Facts {
  arn: string
  /** The queue's own policy. */
  policy: Policy | undefined
}

export interface AccountsOptions {
  /** A client of a namespace. */
  connect(namespace: string): Promise<Client>
  region: string
  /** The account of those who name none, '' among the ids. */
  namespace: string
  /** Whether there is such an account; without it every id means the one of `namespace`. */
  known?: (id: string) => boolean
  /** Of the text of a queue's policy. */
  policyOf(text: string): Policy
}

/** ms for which the facts of a queue hold that another process may have changed. AWS takes up to 60 s. */
const FRESH = 1_000

/** Accounts by their ids: made when they are first asked for. */
export class Accounts {
  readonly #open = new Map<string, Promise<Account>>()

  constructor(private readonly options: AccountsOptions) {}

  /** One that is not there is answered, too: who may do nothing in it learns no more of it than of any other. */
  of(id: string): Promise<Account> {
    const { known, namespace, region, policyOf } = this.options
    const own = known === undefined || id === '' ? namespace : id
    if (known?.(own) !== false) return this.#account(own)
    return Promise.resolve(new Account({ region, namespace: own }, undefined, policyOf))
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#open.values())
    await Promise.all(opened.map((one) => one.status === 'fulfilled' && one.value.close()))
  }

  #account(id: string): Promise<Account> {
    const { connect, region, policyOf } = this.options
    return held(this.#open, id, async () => new Account({ region, namespace: id }, await connect(id), policyOf))
  }
}

export class Account {
  /** Account id: the namespace. */
  readonly id: string
  readonly #handles = new Map<string, Promise<Queue>>()
  readonly #facts = new Map<string, Promise<Facts>>()

  constructor(
    readonly place: sqs.Place,
    private readonly opened: Client | undefined,
    private readonly policyOf: (text: string) => Policy,
  ) {
    this.id = place.namespace
  }

  /** Of an account that is not there QueueDoesNotExist: it has no queues either. */
  get client(): Client {
    if (!this.opened) throw new QueueDoesNotExist(`there is no account ${this.id}`)
    return this.opened
  }

  arn(name: string): string {
    return sqs.arnOf(this.place, name)
  }

  /**
   * Do something with a queue; rejects with QueueDoesNotExist. A handle that says so may be of a queue that was removed and
   * made anew: then once more, with a new one.
   */
  async use<Told>(name: string, work: (queue: Queue) => Promise<Told>): Promise<Told> {
    const handle = this.#handle(name)
    const queue = await handle
    try {
      return await work(queue)
    } catch (error) {
      if (!(error instanceof QueueDoesNotExist) || error.role !== undefined) throw error
      if (this.#handles.get(name) === handle) this.#forget(name)
      return work(await this.#handle(name))
    }
  }

  /** At most a second old, and never older than a change that was made here; rejects with QueueDoesNotExist. */
  facts(name: string): Promise<Facts> {
    return held(this.#facts, name, async () => {
      setTimeout(() => this.#facts.delete(name), FRESH).unref()
      const { arn, policy } = await this.use(name, (queue) => queue.attributes())
      return { arn, policy: policy ? this.policyOf(policy) : undefined }
    })
  }

  /** Make a queue, or find the one that is there. */
  async create(name: string, options: NewQueue): Promise<void> {
    const queue = await this.client.queues.create(name, options)
    this.#facts.delete(name)
    if ((await held(this.#handles, name, async () => queue)) !== queue) this.client.forget(queue)
  }

  /** Change attributes or tags. */
  async change(name: string, work: (queue: Queue) => Promise<void>): Promise<void> {
    try {
      await this.use(name, work)
    } finally {
      this.#facts.delete(name)
    }
  }

  async close(): Promise<void> {
    await this.opened?.close()
  }

  async remove(name: string): Promise<void> {
    const removed = await this.client.queues.remove(name)
    this.#forget(name)
    if (!removed) throw new QueueDoesNotExist(`queue ${name} does not exist`)
  }

  /** There is no such queue any more, or it is another now. */
  #forget(name: string): void {
    this.#handles
      .get(name)
      ?.then((queue) => this.client.forget(queue))
      .catch(() => {})
    this.#handles.delete(name)
    this.#facts.delete(name)
  }

  #handle(name: string): Promise<Queue> {
    return held(this.#handles, name, async () => this.client.queues.get(name))
  }
}

/** What is held under a key, or is made now and held unless that fails. */
function held<Value>(map: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const known = map.get(key)
  if (known) return known
  const made = make()
  map.set(key, made)
  made.catch(() => map.get(key) === made && map.delete(key))
  return made
}
