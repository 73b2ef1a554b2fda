// Every error that was recorded on SQS comes out with the same code, name, message and status.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, sqs } from '../../lib/index.ts'
import { namespace, redisUrl } from '../harness/stores.ts'
import { causes, type Scene } from './causes.ts'

interface Recorded {
  protocol: 'json' | 'query'
  code: string
  /** The Query protocol has none. */
  jsonTypeShape: string | null
  message: string
  status: number
}

const recorded: Recorded[] = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded-errors.json'), 'utf8'))
const nameOf = ({ code, message }: Recorded) => `${code}: ${message}`

/** The recorded texts have placeholders for what differs from call to call. */
const withPlaceholders = (message: string) =>
  message.replace(/\bA[\w-]{60,}/, '<receipt-handle:1>').replace(/(?<=PurgeQueue operation on )[\w.-]+/, '<queue-name>')

describe('an error that was recorded on SQS', () => {
  let scene: Scene

  beforeAll(async () => {
    const options = { namespace: namespace() }
    const client = await connect(redisUrl(), options)
    scene = { client, other: await connect(redisUrl(), options), queue: client.queue('orders') }
  })
  afterAll(async () => {
    await scene.client.close()
    await scene.other.close()
  })

  test.each(recorded.map((one) => ({ ...one, name: nameOf(one) })))('$protocol, $name', async (one) => {
    const error = await (async () => causes[one.name]?.(scene))().then(
      () => undefined,
      (thrown) => thrown,
    )
    const { protocol, code, jsonTypeShape, message, status } = one
    const told = sqs.errorOf(error, { protocol })
    expect({ ...told, message: withPlaceholders(told.message) }).toEqual({
      code,
      message,
      status,
      shape: jsonTypeShape ?? expect.any(String),
    })
    expect(sqs.typeOf(told.shape)).toMatch(/^com\.amazon(aws\.sqs|\.coral\.service)#\w+$/)
  })

  test('is one of 59, and each cause has one', () => {
    expect(recorded).toHaveLength(59)
    expect(Object.keys(causes).sort()).toEqual([...new Set(recorded.map(nameOf))].sort())
  })
})
