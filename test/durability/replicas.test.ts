// Sends that are answered when replicas have them; replicas stand still, go away and come back.
import { expect, test } from 'vitest'
import { connect } from '../../lib/index.ts'
import { hurry } from '../harness/hurry.ts'
import { calls } from '../harness/replicated.ts'
import { overReplicas, SHORT } from './stage.ts'

overReplicas((stage) => {
  const { name, queue, ready, paused, late } = stage

  test('a send is answered when the replicas have it', async () => {
    const one = queue(2)
    const { id } = await one.send('x')
    expect(id).toBeDefined()
    expect(await calls(stage.servers.observer, 'wait')).toBeGreaterThan(0)
  })

  test('a replica that stands still: the send is refused by its timeout, and says that the message may exist', async () => {
    const one = queue(2)
    await one.send('before')
    await paused([0], async () => {
      const error = await late(one.send('x', { timeout: SHORT }))
      expect(error.message).toContain(`message ${error.id} may exist`)
      expect(error.message).toContain('{ replicas: 2 }')
      expect(await ready(one)).toBe(2)
    })
  })

  test('sending again by the id does not double, and is answered once the replica is back', async () => {
    const one = queue(2)
    await one.send('before')
    let id: string | undefined
    await paused([0], async () => {
      id = (await late(one.send('x', { timeout: SHORT }))).id
      expect((await late(one.send('x', { id: id as string, timeout: SHORT }))).id).toBe(id)
    })
    expect(await one.send('x', { id: id as string })).toEqual({ id })
    expect(await ready(one)).toBe(2)
  })

  test('a repeat that finds its message writes nothing, and is still not confirmed by a wait for nothing', async () => {
    const one = queue(2)
    await one.send('before')
    await paused([0], async () => {
      const { id } = await late(one.send('x', { timeout: SHORT }))
      // A connection that has written nothing at all yet.
      const other = await connect(stage.servers.master.url)
      const same = other.queue(one.name, { durability: { replicas: 2 } })
      await late(same.send('x', { id: id as string, timeout: SHORT }))
      await other.close()
    })
  })

  test('the same of a key: the duplicate of a send is answered at the level of the duplicate', async () => {
    const one = queue(2)
    const { id } = await one.send('x', { idempotencyKey: 'k' })
    await paused([1], async () => {
      await late(one.send('x', { idempotencyKey: 'k', timeout: SHORT }))
      expect(await one.send('x', { idempotencyKey: 'k', durability: { replicas: 1 } })).toEqual({ id, duplicate: true })
      expect(await one.send('x', { idempotencyKey: 'k', durability: 'memory' })).toEqual({ id, duplicate: true })
    })
  })

  test('what waits for one level holds up neither memory nor another level', async () => {
    const one = queue(2)
    await one.send('before')
    let stuck: Promise<unknown> = Promise.resolve()
    await paused([0], async () => {
      let waiting = true
      stuck = one.send('x', { timeout: '1m' }).finally(() => (waiting = false))
      await one.send('m', { durability: 'memory' })
      await one.send('r', { durability: { replicas: 1 } })
      expect(waiting).toBe(true)
    })
    expect(await stuck).toHaveProperty('id')
  })

  test('a send behind one that waits goes when that is over, and says that it was not sent when its time is up before', async () => {
    const one = queue(2)
    await one.send('before')
    let stuck: Promise<unknown> = Promise.resolve()
    await paused([0], async () => {
      stuck = one.send('x', { timeout: '1m' })
      await expect.poll(() => ready(one)).toBe(2)
      await expect(one.send('behind', { timeout: SHORT })).rejects.toMatchObject({
        code: 'Timeout',
        message: expect.stringContaining('was not sent'),
      })
      expect(await ready(one)).toBe(2)
    })
    await one.send('after')
    expect(await stuck).toHaveProperty('id')
    expect(await ready(one)).toBe(3)
  })

  test('a wait is longer than a slice: the replica comes back after two seconds, and the first try is answered', async () => {
    const one = queue(2)
    await one.send('before')
    let sent: Promise<unknown> = Promise.resolve()
    await paused([0], async () => {
      sent = one.send('x', { timeout: 20_000 })
      await expect.poll(() => ready(one)).toBe(2)
      await new Promise((resolve) => setTimeout(resolve, 2_100)) // what is tested is that time passes
    })
    expect(await sent).toHaveProperty('id')
  })

  test('many sends share a wait', async () => {
    const one = queue(1)
    await one.send('first')
    await stage.servers.observer.config('RESETSTAT')
    await Promise.all(Array.from({ length: 2_000 }, (_, i) => one.send(i)))
    const waits = await calls(stage.servers.observer, 'wait')
    expect(waits).toBeGreaterThan(0)
    expect(waits).toBeLessThan(200)
    expect(await ready(one)).toBe(2_001)
  })

  test('many queues share it, too', async () => {
    const queues = Array.from({ length: 20 }, () => queue(1))
    await Promise.all(queues.map((one) => one.send('first')))
    await stage.servers.observer.config('RESETSTAT')
    for (let i = 0; i < 10; i++) await Promise.all(queues.map((one) => one.send(i)))
    expect(await calls(stage.servers.observer, 'wait')).toBeLessThan(100)
  })

  test('memory asks for no wait', async () => {
    const one = stage.client.queue(name())
    await stage.servers.observer.config('RESETSTAT')
    await one.send('x')
    await (await one.receive())[0]?.complete()
    expect(await calls(stage.servers.observer, 'wait')).toBe(0)
  })

  test('each entry of sendMany has its own level and outcome', async () => {
    const short = await connect(stage.servers.master.url)
    const one = short.queue<string>(name())
    await one.send('before', { durability: { replicas: 2 } })
    await paused([0], async () => {
      hurry(short, 3_000)
      const outcomes = await one.sendMany([
        { body: 'memory' },
        { body: 'one', durability: { replicas: 1 } },
        { body: 'two', durability: { replicas: 2 } },
        { body: 'keyed', durability: { replicas: 2 }, idempotencyKey: 'k' },
      ])
      expect(outcomes).toMatchObject([
        { id: expect.any(String) },
        { id: expect.any(String) },
        { error: { code: 'NotDurable', id: expect.any(String) } },
        { error: { code: 'NotDurable', id: expect.any(String) } },
      ])
    })
    expect(await ready(one)).toBe(5)
    await short.close()
  })

  test('more replicas than there are: refused by the timeout', async () => {
    const one = queue(3)
    const { id } = await late(one.send('x', { timeout: SHORT }))
    expect(await one.send('x', { id: id as string, durability: 'memory' })).toEqual({ id })
    expect(await ready(one)).toBe(1)
  })
})
