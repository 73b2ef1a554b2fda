import { Backend, type Shared } from './backend.ts'
import { QueueDoesNotExist } from './errors.ts'
import { queueName } from './options.ts'
import { queueNames } from './redis/home.ts'

/** All queues of a namespace. */
export class Queues {
  /** @internal */
  constructor(private readonly shared: Shared) {}

  /** Their names, sorted. */
  list(): Promise<string[]> {
    return queueNames(this.shared.connection, this.shared.namespace, performance.now() + this.shared.timeout)
  }

  /** Remove a queue with all that it holds: messages, dead letters, results and marks. Answers whether there was one. */
  async remove(name: string): Promise<boolean> {
    const backend = new Backend(this.shared, queueName(name), () => ({}), {
      stored: {},
      partitions: undefined,
      update: false,
    })
    return backend.remove().catch((error) => {
      if (error instanceof QueueDoesNotExist) return false
      throw error
    })
  }
}
