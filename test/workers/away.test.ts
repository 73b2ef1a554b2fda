// Redis goes away and comes back while a worker is at work.
import { expect, test } from 'vitest'
import { connect } from '../../lib/index.ts'
import { type NetworkProxy, startProxy } from '../harness/proxy.ts'
import { over, serverOf } from '../semantics/world.ts'
import { elsewhere, give, tasks, useShift } from './shift.ts'

over(
  (world) => {
    const shift = useShift()

    async function behindProxy(proxy: NetworkProxy, queue: ReturnType<typeof tasks>, options = {}) {
      const client = await connect(proxy.url, { namespace: world.client.shared.namespace, timeout: '2s' })
      const worker = await shift().worker(elsewhere(client, queue), options)
      return { client, worker }
    }

    test('a worker that waits goes on by itself when Redis is back', async () => {
      const queue = tasks(world)
      await using proxy = await startProxy(serverOf(world))
      const { client, worker } = await behindProxy(proxy, queue)
      await shift().happened('idle')
      proxy.refuse = true
      proxy.cut()
      await give(queue, 'a')
      proxy.refuse = false
      await shift().happened('completed a')
      await worker.stop()
      await client.close()
    })

    test('a worker tells what went wrong, and goes on', async () => {
      const queue = tasks(world)
      await using proxy = await startProxy(serverOf(world))
      const { client, worker } = await behindProxy(proxy, queue)
      await give(queue, { name: 'a', do: 'hang' })
      await shift().runs('a')
      proxy.refuse = true
      proxy.cut()
      shift().end('a')
      await expect.poll(() => shift().errors.length).toBeGreaterThan(0)
      expect(shift().errors[0]).toMatchObject({ code: 'Timeout' })
      proxy.refuse = false
      await give(queue, 'b')
      await shift().happened('completed a', 'completed b')
      expect(shift().deliveries.get('a')).toEqual([1])
      await worker.stop()
      await client.close()
    })

    test('what is done while replies are lost is done once', async () => {
      const queue = tasks(world)
      await using proxy = await startProxy(serverOf(world))
      const { client, worker } = await behindProxy(proxy, queue, { concurrency: 3 })
      await give(queue, ...['a', 'b', 'c'].map((name) => ({ name, do: 'hang' as const })))
      await shift().runs('a', 'b', 'c')
      proxy.loseReplies = true
      shift().end('a', 'b', 'c')
      await expect.poll(async () => (await queue.stats()).inFlight).toBe(0)
      proxy.loseReplies = false
      proxy.cut()
      await shift().happened('completed a', 'completed b', 'completed c')
      expect([...shift().deliveries.values()]).toEqual([[1], [1], [1]])
      await worker.stop()
      await client.close()
    })

    test('what is received while the reply is lost is not lost', async () => {
      const queue = tasks(world)
      await using proxy = await startProxy(serverOf(world))
      const { client, worker } = await behindProxy(proxy, queue, { concurrency: 3 })
      await shift().happened('idle')
      proxy.loseReplies = true
      await give(queue, 'a', 'b')
      proxy.loseReplies = false
      proxy.cut()
      await shift().happened('completed a', 'completed b')
      expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0 })
      await worker.stop()
      await client.close()
    })
  },
  ['redis', 'valkey'],
  'connections',
)
