// A Redis without persistence comes back empty: what it held is lost, and work goes on without a restart of anything.
import { expect, test } from 'vitest'
import { connect, Worker } from '../../lib/index.ts'
import { startRedis } from '../harness/servers.ts'
import { namespace } from '../harness/stores.ts'

test('a Redis that comes back empty is used again by the handles that were open', async () => {
  await using redis = await startRedis()
  await using client = await connect(redis.url, { namespace: namespace() })
  const queue = client.queue<string>('orders', { visibility: '2s' })
  const worked: string[] = []
  await using worker = new Worker(queue, async (message) => {
    worked.push(message.body)
  })
  await worker.start()
  await queue.send('before')
  await expect.poll(() => worked).toEqual(['before'])

  await redis.kill()
  await redis.restart()
  await queue.send('after')
  await expect.poll(() => worked).toEqual(['before', 'after'])
  expect((await queue.attributes()).visibility).toBe(2_000)
})

test('a queue that was removed is not made again by a handle that was open', async () => {
  await using redis = await startRedis()
  await using client = await connect(redis.url, { namespace: namespace() })
  const queue = client.queue<string>('orders')
  await queue.send('before')
  await client.queues.remove('orders')
  await expect(queue.send('after')).rejects.toMatchObject({ code: 'QueueDoesNotExist' })
  await expect(queue.send('again')).rejects.toMatchObject({ code: 'QueueDoesNotExist' })
  expect((await client.queues.list()).names).toEqual([])
})
