// The AWS SDK for JavaScript, version 3, as it is now: JSON.
import { expect, test } from 'vitest'
import { ACTIONS } from '../../lib/http/actions/index.ts'
import { serving } from '../http/serving.ts'
import { play, protocolsOf } from './play.ts'
import { SCRIPT } from './script.ts'

const server = serving()

test('the script has all actions', () => {
  expect([...new Set(SCRIPT.map(({ action }) => action))].sort()).toEqual(Object.keys(ACTIONS).sort())
})

test('plays the script', async () => {
  const sdk = server.sdk() as unknown as Record<string, (input: object) => Promise<object>>
  await play(async (action, input) => {
    const method = action.charAt(0).toLowerCase() + action.slice(1)
    try {
      return await sdk[method]?.(input)
    } catch (error) {
      throw Object.assign(error as Error, { code: (error as { Code?: string }).Code })
    }
  })
  expect(protocolsOf(server)).toEqual(['json'])
})

test('bytes in attributes, and digests that the SDK checks', async () => {
  const sdk = server.sdk()
  const { QueueUrl } = await sdk.createQueue({ QueueName: 'bytes' })
  const MessageAttributes = { Raw: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(0, 255, 13, 10) } }
  await sdk.sendMessage({ QueueUrl, MessageBody: '\u{1f680}', MessageAttributes })
  const { Messages } = await sdk.receiveMessage({ QueueUrl, MessageAttributeNames: ['Raw'] })
  expect(Messages).toMatchObject([{ Body: '\u{1f680}', MessageAttributes }])
})
