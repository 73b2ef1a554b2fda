// A server that refuses, for a while, who was welcome before: a password that is being changed, an ACL that is not loaded yet.
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { connect, Worker } from '../../lib/index.ts'
import { startRedis } from '../harness/servers.ts'
import { until } from './until.ts'

test('a worker and a sender go on when their password is right again', async () => {
  await using server = await startRedis({ config: { requirepass: 'right' } })
  const admin = new Redis(server.url, { password: 'right' })
  const client = await connect({ host: server.host, port: server.port, password: 'right' })
  const refused: string[] = []
  client.on('error', (error) => refused.push(error.message))
  const queue = client.queue<number>('orders')
  const done: number[] = []
  const worker = new Worker(queue, ({ body }) => void done.push(body))
  await worker.start()
  await queue.send(1)
  await until('it works', () => done.length === 1)

  await admin.config('SET', 'requirepass', 'wrong')
  await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await admin.client('KILL', 'TYPE', 'pubsub')
  await until('both connections are refused', () => refused.filter((text) => text.includes('WRONGPASS')).length > 4)
  await admin.config('SET', 'requirepass', 'right')

  await until('a send is answered', () => queue.send(2))
  await until('it works again', () => done.includes(2))
  await worker.stop()
  await client.close()
  admin.disconnect()
  expect(done).toContain(2)
})
