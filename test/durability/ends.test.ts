// Completions, deletions and rejections that are answered when replicas have them; order, and what stays behind.
import { expect, test } from 'vitest'
import { connect } from '../../lib/index.ts'
import { hurry } from '../harness/hurry.ts'
import { online } from '../harness/replicated.ts'
import { overReplicas, SHORT } from './stage.ts'

overReplicas((stage) => {
  const { name, queue, ready, paused, late } = stage

  test('complete, delete and reject take the level of the queue, or their own', async () => {
    const one = queue(2)
    await one.sendMany(['a', 'b', 'c', 'd', 'e'].map((body) => ({ body })))
    const short = await connect(stage.servers.master.url)
    const same = short.queue(one.name, { durability: { replicas: 2 } })
    const [a, b, c, d, e] = await same.receive({ max: 5 })
    await a?.complete()
    await paused([0], async () => {
      const unhurried = hurry(short, SHORT)
      await late(same.delivery(b?.receipt as string).complete())
      await late(same.delivery(c?.receipt as string).delete())
      await late(same.delivery(d?.receipt as string).reject('no'))
      unhurried()
      await e?.complete(undefined, { durability: { replicas: 1 } })
    })
    // Repeats of what is done, or was not sent: each is confirmed now.
    await b?.complete()
    await same.delivery(c?.receipt as string).delete()
    await d?.reject('no')
    expect(await same.stats()).toMatchObject({ inFlight: 0, ready: 0, dead: 1 })
    await short.close()
  })

  test('a client has a level for its handles that say none', async () => {
    const client = await connect(stage.servers.master.url, { durability: { replicas: 1 } })
    const given = client.queue(name())
    const own = client.queue(name(), { durability: 'memory' })
    await given.send('x')
    await paused([0, 1], async () => {
      await late(given.send('x', { timeout: SHORT }))
      await own.send('x')
    })
    await client.close()
  })

  test('a repeated completion is not confirmed while the replica stands still', async () => {
    const one = queue(2)
    await one.send('x')
    const [message] = await one.receive()
    await message?.complete()
    const short = await connect(stage.servers.master.url)
    const same = short.queue(one.name, { durability: { replicas: 2 } })
    await same.stats()
    const delivery = same.delivery(message?.receipt as string)
    await paused([1], async () => {
      const unhurried = hurry(short, SHORT)
      await late(delivery.complete())
      unhurried()
    })
    await delivery.complete()
    await short.close()
  })

  test('a FIFO queue keeps its order over sends of several levels', async () => {
    const one = stage.client.queue<number>(`${name()}.fifo`, { contentBasedDeduplication: true })
    const levels = [{ replicas: 2 }, 'memory', { replicas: 1 }, 'memory'] as const
    const send = (i: number) => one.send(i, { group: 'g', durability: levels[i % 4] ?? 'memory' })
    await Promise.all(Array.from({ length: 40 }, (_, i) => send(i)))
    const bodies: number[] = []
    while (bodies.length < 40) {
      const messages = await one.receive({ max: 10 })
      for (const message of messages) {
        bodies.push(message.body)
        await message.complete()
      }
    }
    expect(bodies).toEqual(Array.from({ length: 40 }, (_, i) => i))
  })

  test('the client leaves no connection behind', async () => {
    const before = String(await stage.servers.observer.client('LIST'))
      .trim()
      .split('\n').length
    const other = await connect(stage.servers.master.url)
    const one = other.queue(name())
    await one.send('x', { durability: { replicas: 1 } })
    await one.send('x', { durability: { replicas: 2 } })
    await other.close()
    await expect
      .poll(
        async () =>
          String(await stage.servers.observer.client('LIST'))
            .trim()
            .split('\n').length,
      )
      .toBe(before)
  })

  test('a replica that went away for good and another that comes', async () => {
    const one = queue(2)
    await stage.servers.replicas[0]?.kill('SIGKILL')
    const { id } = await late(one.send('x', { timeout: SHORT }))
    await stage.servers.replicas[0]?.start()
    await online(stage.servers.observer, 2)
    expect(await one.send('x', { id: id as string })).toEqual({ id })
    expect(await ready(one)).toBe(1)
  })
})
