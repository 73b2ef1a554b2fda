// An endpoint for tests, in a namespace of its own that is empty again behind each test.
import { SQS, type SQSClientConfig } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect } from 'vitest'
import {
  createEndpoint,
  type Endpoint,
  type EndpointOptions,
  type Exchanged,
  type Failure,
} from '../../lib/http/index.ts'
import { type Client, connect } from '../../lib/index.ts'
import { keysOf } from '../harness/keys.ts'
import { namespace, redisUrl } from '../harness/stores.ts'

export const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'any secret will do' }

export function sdkAt(url: URL, config: SQSClientConfig = {}): SQS {
  return new SQS({ endpoint: url.href, region: 'us-east-1', credentials: CREDENTIALS, ...config })
}

export class Serving {
  namespace = ''
  client!: Client
  endpoint!: Endpoint
  url!: URL
  /** All requests that were, in turn. */
  answered: Exchanged[] = []
  #failures: Failure[] = []
  #sdks: SQS[] = []

  constructor(private readonly options: Partial<EndpointOptions>) {}

  get port(): number {
    return Number(this.url.port)
  }

  /** An SDK of v3 that talks to the endpoint. */
  sdk(config: SQSClientConfig = {}): SQS {
    const sdk = sdkAt(this.url, config)
    this.#sdks.push(sdk)
    return sdk
  }

  /** Does a long poll wait in Redis? */
  async someoneWaits(): Promise<boolean> {
    return (await keysOf(this.namespace)).some((key) => key.endsWith(':waiters'))
  }

  async open(): Promise<void> {
    this.namespace = namespace()
    const connecting = { namespace: this.namespace, deleteWindow: 0, purgeWindow: 0 }
    this.client = await connect(redisUrl(), connecting)
    this.endpoint = createEndpoint({ where: redisUrl(), connect: connecting, port: 0, ...this.options })
    this.endpoint.on('failure', (failure) => this.#failures.push(failure))
    this.answered = []
    this.endpoint.on('exchanged', (one) => this.answered.push(one))
    this.url = await this.endpoint.start()
  }

  async close(): Promise<void> {
    for (const sdk of this.#sdks.splice(0)) sdk.destroy()
    await this.endpoint.stop(0)
    for (const name of (await this.client.queues.list()).names) await this.client.queues.remove(name)
    await this.client.close()
    expect(this.#failures.splice(0)).toEqual([])
    expect(await keysOf(this.namespace)).toEqual([])
  }
}

export function serving(options: Partial<EndpointOptions> = {}): Serving {
  const one = new Serving(options)
  beforeEach(() => one.open())
  afterEach(() => one.close())
  return one
}
