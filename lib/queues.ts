// The queues of a namespace, as objects in the store.
import { ATTRIBUTE_NAMES, type Attributes, toStored } from './attributes.ts'
import { sendsDeadLettersTo } from './dead-letter-queue.ts'
import { agreeing, declare, making } from './declaring.ts'
import { Closed, InvalidOption } from './errors.ts'
import { MAX_PARTITIONS } from './limits.ts'
import { known, queueName, whole } from './options.ts'
import type { Queue } from './queue.ts'
import { Home, queueNames } from './redis/home.ts'
import { removeQueue } from './removal.ts'
import type { Shared } from './shared.ts'
import { MAX_TAGS, tagFields, tagsOf, tooMany, untagFields } from './tags.ts'

/** What a queue is made with. */
export interface NewQueue extends Attributes {
  /** Up to 50: keys of 1 to 128 characters, values of up to 256. */
  tags?: Record<string, string>
  /** Slices of the queue, each on one node of a cluster. 1 unless given; on a cluster, the number of masters. */
  partitions?: number
}

export interface NamePage {
  names: string[]
  /** Where the next page goes on, if there is one. */
  cursor?: string
}

const CREATE_OPTIONS = [...ATTRIBUTE_NAMES, 'tags', 'partitions']
/** Homes that are looked at together. */
const TOGETHER = 50

/** All queues of a namespace. */
export class Queues {
  /** @internal */
  constructor(
    private readonly shared: Shared,
    private readonly find: (name: string) => Promise<Queue>,
  ) {}

  /**
   * Make a queue; or find the one that is there, if each attribute that is given equals its own or the default, else
   * QueueNameExists. `tags` count for a new queue only.
   */
  async create<Body = unknown, Result = unknown>(name: string, options: NewQueue = {}): Promise<Queue<Body, Result>> {
    known(options, CREATE_OPTIONS, `queue ${queueName(name)}`)
    const { tags = {}, partitions, ...attributes } = options
    if (partitions !== undefined) whole(partitions, 'partitions', 1, MAX_PARTITIONS)
    const { namespace, deleteWindow } = this.shared
    const wanted = { stored: toStored(attributes, { namespace, queue: name }), partitions, tags: tagFields(tags) }
    const [home, deadline] = this.#home(name)
    await declare(home, deadline, agreeing(home, wanted), making(home, wanted, deleteWindow, deadline))
    return this.get(name)
  }

  /** A handle on a queue that exists, else QueueDoesNotExist. It never makes the queue anew. */
  async get<Body = unknown, Result = unknown>(name: string): Promise<Queue<Body, Result>> {
    return (await this.find(name)) as unknown as Queue<Body, Result>
  }

  /** Names of queues, sorted, a page of `limit` (1 to 1000, 1000 unless given) at a time. */
  async list(options: { prefix?: string; limit?: number; cursor?: string } = {}): Promise<NamePage> {
    known(options, ['prefix', 'limit', 'cursor'], 'list')
    const { prefix = '' } = options
    if (typeof prefix !== 'string') throw new InvalidOption(`\`prefix\` must be a text, got ${String(prefix)}`)
    const { limit, after } = paging(options)
    const names = (await this.#names()).filter((name) => name.startsWith(prefix) && name > after)
    return pageOf(names, limit)
  }

  /** Names of the queues whose dead letters go to this one, sorted, a page at a time. Each queue of the namespace is looked at. */
  async sourcesOf(name: string, options: { limit?: number; cursor?: string } = {}): Promise<NamePage> {
    known(options, ['limit', 'cursor'], 'sourcesOf')
    const { limit, after } = paging(options)
    const [home, deadline] = this.#home(name)
    await declare(home, deadline, () => undefined)
    const names = (await this.#names()).filter((one) => one > after)
    const found: string[] = []
    for (let at = 0; at < names.length && found.length <= limit; at += TOGETHER) {
      const some = names.slice(at, at + TOGETHER)
      const homes = await Promise.all(some.map((one) => home.of(one).look(this.#home(one)[1])))
      found.push(...some.filter((_, i) => sendsDeadLettersTo(homes[i], name)))
    }
    return pageOf(found, limit)
  }

  /** Remove a queue with all that it holds: messages, dead letters, results and marks. Answers whether there was one. */
  async remove(name: string): Promise<boolean> {
    return removeQueue(...this.#home(name))
  }

  /** Set tags; those of other keys stay. */
  async tag(name: string, tags: Record<string, string>): Promise<void> {
    await this.#tag(name, tagFields(tags))
  }

  /** Remove tags; keys that are not there are ignored. */
  async untag(name: string, keys: string[]): Promise<void> {
    await this.#tag(name, untagFields(keys))
  }

  async tags(name: string): Promise<Record<string, string>> {
    const [home, deadline] = this.#home(name)
    return tagsOf((await declare(home, deadline, () => undefined)).fields)
  }

  async #tag(name: string, fields: string): Promise<void> {
    const [home, deadline] = this.#home(name)
    if (!(await home.tag(fields, MAX_TAGS, deadline))) throw tooMany()
  }

  #names(): Promise<string[]> {
    const { connection, namespace, timeout } = this.shared
    return queueNames(connection, namespace, performance.now() + timeout)
  }

  /** The home of a queue, and until when a call waits for it. */
  #home(name: string): [home: Home, deadline: number] {
    const { connection, namespace, timeout, closed } = this.shared
    if (closed) throw new Closed('the client is closed')
    return [new Home(connection, namespace, queueName(name)), performance.now() + timeout]
  }
}

function paging({ limit, cursor }: { limit?: number; cursor?: string }): { limit: number; after: string } {
  if (cursor !== undefined && (typeof cursor !== 'string' || cursor === ''))
    throw new InvalidOption(`\`cursor\` must be one that the last page gave, got '${cursor}'`)
  return { limit: whole(limit ?? 1000, 'limit', 1, 1000), after: cursor ?? '' }
}

/** The last name of a page is where the next one goes on. */
function pageOf(found: string[], limit: number): NamePage {
  const names = found.slice(0, limit)
  return found.length > limit ? { names, cursor: names.at(-1) as string } : { names }
}
