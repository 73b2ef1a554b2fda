// Every error that was recorded on SQS comes out of an action that causes it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sqs } from '../../../lib/index.ts'
import { causes } from '../causes.ts'
import { scene } from './scene.ts'

interface Recorded {
  protocol: 'json' | 'query'
  code: string
  message: string
  status: number
}

const recorded: Recorded[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../sqs/recorded-errors.json'), 'utf8'),
)
const keyOf = ({ code, message }: Recorded) => `${code}: ${message}`

// With the windows of SQS: what is purged cannot be purged again within a minute.
const here = scene({})

/** The recorded texts have placeholders for what differs from call to call. */
const withPlaceholders = (message: string) =>
  message.replace(/\bA[\w-]{60,}/, '<receipt-handle:1>').replace(/(?<=PurgeQueue operation on )[\w.-]+/, '<queue-name>')

test.each(recorded.map((one) => ({ ...one, key: keyOf(one) })))(
  '$protocol, $key',
  async ({ protocol, key, code, message, status }) => {
    const thrown = await causes[key]?.(here).then(
      () => undefined,
      (error) => error,
    )
    const told = sqs.errorOf(thrown, { protocol })
    expect({ ...told, message: withPlaceholders(told.message) }).toMatchObject({ code, message, status })
  },
)

test('each cause is of one that was recorded', () => {
  expect(Object.keys(causes).sort()).toEqual([...new Set(recorded.map(keyOf))].sort())
})
