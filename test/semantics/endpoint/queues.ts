// The queues of an account, as `client.queues` has those of a namespace.

import { isFifo } from '../../../lib/attributes.ts'
import type { NamePage, NewQueue } from '../../../lib/index.ts'
import { written } from './attributes.ts'
import type { EndpointClient } from './client.ts'
import { EndpointQueue } from './queue.ts'
import { asked, type EndpointRefusal } from './refusal.ts'

export class EndpointQueues {
  constructor(private readonly client: EndpointClient) {}

  /** With an option that SQS does not have, by the operator. */
  async create(name: string, { tags, ...options }: NewQueue = {}): Promise<EndpointQueue> {
    const { sdk, library, arnOf } = this.client
    const attributes = written(options, arnOf)
    if (attributes) {
      const Attributes = { ...(isFifo(name) && { FifoQueue: 'true' }), ...attributes }
      await asked(sdk.createQueue({ QueueName: name, Attributes, ...(tags && { tags }) }))
    } else await library.queues.create(name, { ...options, ...(tags && { tags }) })
    return this.get(name)
  }

  async get(name: string): Promise<EndpointQueue> {
    const queue = new EndpointQueue(this.client, name, {}, false)
    await queue.open()
    return queue
  }

  async list({
    prefix,
    limit = 1000,
    cursor,
  }: {
    prefix?: string
    limit?: number
    cursor?: string
  } = {}): Promise<NamePage> {
    const { QueueUrls = [], NextToken } = await asked(
      this.client.sdk.listQueues({
        MaxResults: limit,
        ...(prefix !== undefined && { QueueNamePrefix: prefix }),
        ...(cursor !== undefined && { NextToken: cursor }),
      }),
    )
    return pageOf(QueueUrls, NextToken)
  }

  async sourcesOf(name: string, { limit = 1000, cursor }: { limit?: number; cursor?: string } = {}): Promise<NamePage> {
    const { queueUrls = [], NextToken } = await asked(
      this.client.sdk.listDeadLetterSourceQueues({
        QueueUrl: await this.#url(name),
        MaxResults: limit,
        ...(cursor !== undefined && { NextToken: cursor }),
      }),
    )
    return pageOf(queueUrls, NextToken)
  }

  /** Whether there was one. */
  async remove(name: string): Promise<boolean> {
    try {
      await asked(this.client.sdk.deleteQueue({ QueueUrl: await this.#url(name) }))
      return true
    } catch (error) {
      if ((error as EndpointRefusal).code === 'QueueDoesNotExist') return false
      throw error
    }
  }

  async tag(name: string, Tags: Record<string, string>): Promise<void> {
    await asked(this.client.sdk.tagQueue({ QueueUrl: await this.#url(name), Tags }))
  }

  async untag(name: string, TagKeys: string[]): Promise<void> {
    await asked(this.client.sdk.untagQueue({ QueueUrl: await this.#url(name), TagKeys }))
  }

  async tags(name: string): Promise<Record<string, string>> {
    const { Tags = {} } = await asked(this.client.sdk.listQueueTags({ QueueUrl: await this.#url(name) }))
    return Tags
  }

  async #url(QueueName: string): Promise<string> {
    return (await asked(this.client.sdk.getQueueUrl({ QueueName }))).QueueUrl as string
  }
}

function pageOf(urls: string[], cursor: string | undefined): NamePage {
  const names = urls.map((url) => url.split('/').at(-1) as string)
  return cursor === undefined ? { names } : { names, cursor }
}
