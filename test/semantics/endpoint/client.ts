// A client of the endpoint, with the faces of the library's client: a server of its own over the test's Redis, and an SDK
// that talks to it. So two clients of one namespace are two servers, which know of each other by Redis alone.
import type { SQS } from '@aws-sdk/client-sqs'
import { createEndpoint, type Endpoint, type Failure } from '../../../lib/http/index.ts'
import { type Client, type ConnectOptions, connect, type QueueOptions, sqs } from '../../../lib/index.ts'
import { sdkAt } from '../../http/serving.ts'
import { EndpointMoves } from './moves.ts'
import { EndpointQueue } from './queue.ts'
import { EndpointQueues } from './queues.ts'

/** What the clients of one world know of what they sent. */
export interface Known {
  ids: Set<string>
  /** Ids of messages that were sent as values. */
  values: Set<string>
}

export class EndpointClient implements Known {
  readonly queues = new EndpointQueues(this)
  readonly moves = new EndpointMoves(this)
  readonly ids: Set<string>
  readonly values: Set<string>

  constructor(
    /** Beside the server: an operator's, for what SQS has no call for. */
    readonly library: Client,
    readonly sdk: SQS,
    private readonly endpoint: Endpoint,
    private readonly failures: Failure[],
    { ids, values }: Known,
  ) {
    this.ids = ids
    this.values = values
  }

  get shared(): Client['shared'] {
    return this.library.shared
  }

  readonly arnOf = (name: string): string => sqs.arnOf(this.shared, name)

  queue(name: string, options?: QueueOptions<never>): EndpointQueue {
    return new EndpointQueue(this, name, options)
  }

  /** Rejects with what was answered with status 500, if anything was. */
  async close(): Promise<void> {
    this.sdk.destroy()
    await this.endpoint.stop(0)
    await this.library.close()
    for (const { error } of this.failures) throw error
  }
}

export async function connectEndpoint(where: string, options: ConnectOptions, known: Known): Promise<EndpointClient> {
  const library = await connect(where, options)
  const endpoint = createEndpoint({ where, connect: options, port: 0 })
  const failures: Failure[] = []
  endpoint.on('failure', (failure) => failures.push(failure))
  const sdk = sdkAt(await endpoint.start(), { maxAttempts: 1 })
  return new EndpointClient(library, sdk, endpoint, failures, known)
}
