// Accounts and the handles that they keep: of queues that others remove and make anew, too.
import { describe, expect, test, vi } from 'vitest'
import { Accounts } from '../../lib/http/queues.ts'
import { connect, type Queue } from '../../lib/index.ts'
import { namespace, redisUrl } from '../harness/stores.ts'
import { nameOf, scene } from './actions/scene.ts'

const here = scene()
const { ask } = here

describe('a queue that was removed and made anew elsewhere', () => {
  test.each([
    ['with the same partitions', {}],
    ['with others', { partitions: 3 }],
  ])('%s is found by those who had it open', async (_, options) => {
    const QueueUrl = await here.queue()
    await ask('SendMessage', { QueueUrl, MessageBody: 'old' })
    await here.other.queues.remove(nameOf(QueueUrl))
    await here.other.queues.create(nameOf(QueueUrl), options)
    const Entries = [{ Id: 'a', MessageBody: 'new' }]
    expect(await ask('SendMessageBatch', { QueueUrl, Entries })).toMatchObject({ Successful: [{ Id: 'a' }] })
    const { Messages } = await ask('ReceiveMessage', { QueueUrl })
    expect(Messages).toMatchObject([{ Body: 'new' }])
    await ask('DeleteMessage', { QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle })
  })

  test('is opened once for all who find out at the same time', async () => {
    const QueueUrl = await here.queue()
    await ask('SendMessage', { QueueUrl, MessageBody: 'old' })
    await here.other.queues.remove(nameOf(QueueUrl))
    await here.other.queues.create(nameOf(QueueUrl), { partitions: 2 })
    const open = vi.spyOn(here.account.client.queues, 'get')
    const sends = Array.from({ length: 20 }, () => ask('SendMessage', { QueueUrl, MessageBody: 'new' }))
    expect(await Promise.all(sends)).toHaveLength(20)
    expect(open).toHaveBeenCalledTimes(1)
    open.mockRestore()
  })

  test.each(['SendMessageBatch', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch'])(
    'or removed for good: %s says so of the whole batch',
    async (action) => {
      const QueueUrl = await here.queue()
      await ask('SendMessage', { QueueUrl, MessageBody: 'x' })
      const { ReceiptHandle } = (await ask('ReceiveMessage', { QueueUrl })).Messages[0]
      await here.other.queues.remove(nameOf(QueueUrl))
      const Entries = [{ Id: 'a', MessageBody: 'x', ReceiptHandle, VisibilityTimeout: 1 }]
      await expect(ask(action, { QueueUrl, Entries })).rejects.toMatchObject({ code: 'QueueDoesNotExist' })
    },
  )
})

describe('an account', () => {
  test('has one handle of a queue, however many ask', async () => {
    const name = nameOf(await here.queue())
    const handles = new Set<Queue>()
    for (let i = 0; i < 3; i++) await here.account.use(name, async (queue) => void handles.add(queue))
    await ask('CreateQueue', { QueueName: name })
    await here.account.use(name, async (queue) => void handles.add(queue))
    expect(handles.size).toBe(1)
  })

  test('knows a queue anew when it was not there before', async () => {
    await expect(here.account.facts('later')).rejects.toMatchObject({ code: 'QueueDoesNotExist' })
    await here.other.queues.create('later')
    expect(await here.account.facts('later')).toEqual({ arn: here.arn('later'), policy: undefined })
  })

  test('is opened once, and only where it is known', async () => {
    const [one, two] = [namespace(), namespace()]
    const opened: string[] = []
    const accounts = new Accounts({
      connect: async (space) => {
        opened.push(space)
        return connect(redisUrl(), { namespace: space })
      },
      region: 'us-east-1',
      namespace: one,
      known: (id) => [one, two].includes(id),
      policyOf: () => expect.unreachable(),
    })
    const [first, same, second] = await Promise.all([accounts.of(''), accounts.of(one), accounts.of(two)])
    expect([first.id, same.id, second.id]).toEqual([one, one, two])
    expect(same).toBe(first)
    const none = await accounts.of('123456789012')
    for (const call of [() => none.facts('videos'), async () => none.client, () => none.remove('videos')])
      await expect(call()).rejects.toMatchObject({ code: 'QueueDoesNotExist' })
    expect(opened).toEqual([one, two])
    await accounts.close()
  })

  test('is the same for every id where none are configured', async () => {
    expect(await here.accounts.of('123456789012')).toBe(here.account)
  })
})
