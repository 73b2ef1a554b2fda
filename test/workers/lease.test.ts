// A worker keeps what it works on, and notices when it has lost it.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { connect } from '../../lib/index.ts'
import { startProxy } from '../harness/proxy.ts'
import { over, serverOf } from '../semantics/world.ts'
import { BLOCKED, elsewhere, give, tasks, useShift } from './shift.ts'

over(
  (world) => {
    const shift = useShift()

    test('heartbeats keep messages hidden for longer than their visibility', async () => {
      const queue = tasks(world, { visibility: '6s' })
      const names = ['a', 'b', 'c']
      await give(queue, ...names.map((name) => ({ name, do: 'hang' as const })))
      await shift().worker(queue, { concurrency: 3 })
      await shift().runs(...names)
      const deadlines = async () =>
        (await queue.peek({ state: 'inFlight', limit: 3 })).messages.map(({ dueAt }) => dueAt.getTime())
      const last = Math.max(...(await deadlines()))
      await expect.poll(async () => Math.min(...(await deadlines()))).toBeGreaterThan(last)
      shift().end(...names)
      await shift().happened(...names.map((name) => `completed ${name}`))
      expect([...shift().deliveries.values()]).toEqual([[1], [1], [1]])
    })

    test('the visibility of a worker can be another than that of the queue', async () => {
      const queue = tasks(world, { visibility: '1h' })
      await give(queue, { name: 'a', do: 'hang' })
      await shift().worker(queue, { visibility: '20s' })
      await shift().runs('a')
      const { messages } = await queue.peek({ state: 'inFlight' })
      expect((messages[0]?.dueAt.getTime() ?? 0) - Date.now()).toBeLessThan(60_000)
      shift().end('a')
      await shift().happened('completed a')
    })

    describe('a message that is lost', () => {
      test('because it was purged aborts the signal, and its result is refused', async () => {
        const queue = tasks(world, { visibility: 300 })
        await give(queue, { name: 'a', do: 'ignore', with: 'too late' })
        await shift().worker(queue)
        await shift().runs('a')
        await queue.purge()
        await shift().happened('lost a')
        const signal = shift().signals.get('a')
        expect(signal?.reason).toMatchObject({ code: 'LostMessage' })
        shift().end('a')
        await give(queue, 'b')
        await shift().happened('completed b')
        expect(shift().events).not.toContain('completed a')
      })
    })

    // Found by `npm run chaos -- --only stopped-workers --seed 537424854`.
    test('what was not begun before its deadline is begun when nobody else has received it', async () => {
      const queue = tasks(world, { partitions: 1, visibility: BLOCKED / 2 })
      await give(queue, { name: 'a', do: 'block' }, 'b')
      await shift().worker(queue, { concurrency: 2 })
      await shift().happened('completed b')
      expect(shift().deliveries.get('b')).toEqual([1])
    })

    describe('a handler that runs too long', () => {
      test('is aborted, and its message comes back', async () => {
        const queue = tasks(world)
        await give(queue, { name: 'a', do: 'hang' })
        await shift().worker(queue, { maxRuntime: 200 })
        await shift().happened('failed a')
        expect(shift().signals.get('a')?.reason).toMatchObject({ code: 'Timeout' })
        await expect.poll(() => shift().deliveries.get('a')?.length).toBeGreaterThan(1)
      })

      test('and ignores that, loses its message to another', async () => {
        const queue = tasks(world, { visibility: 500 })
        await give(queue, { name: 'a', do: 'ignore', with: 'too late' })
        await shift().worker(queue, { maxRuntime: 100 })
        await shift().runs('a')
        const [taken] = await queue.receive({ wait: '10s', visibility: '1h' })
        expect(taken?.deliveries).toBe(2)
        shift().end('a')
        await shift().happened('lost a')
        expect(await queue.stats()).toMatchObject({ inFlight: 1 })
        await taken?.complete()
      })

      test('does not hinder those that do not', async () => {
        const queue = tasks(world)
        await give(queue, 'a', 'b')
        await shift().worker(queue, { maxRuntime: '10s' })
        await shift().happened('completed a', 'completed b')
      })
    })

    describe('messages that came back', () => {
      test('run one at a time, beside new ones', async () => {
        const queue = tasks(world, { partitions: 1 })
        const old = ['o1', 'o2', 'o3', 'o4']
        await give(queue, ...old.map((name) => ({ name, do: 'hang' as const })))
        await queue.receive({ max: 4, visibility: 100 })
        await sleep(150)
        const fresh = ['n1', 'n2', 'n3']
        await give(queue, ...fresh.map((name) => ({ name, do: 'hang' as const })))
        await shift().worker(queue, { concurrency: 8 })
        await shift().runs(...fresh)
        for (let done = 0; done < old.length; done++) {
          await expect.poll(() => [...shift().running].filter((name) => name.startsWith('o')).length).toBe(1)
          const [name] = [...shift().running].filter((one) => one.startsWith('o'))
          await sleep(50)
          expect([...shift().running].filter((one) => one.startsWith('o'))).toEqual([name])
          shift().end(name as string)
          await shift().happened(`completed ${name}`)
        }
        shift().end(...fresh)
        await shift().happened(...fresh.map((name) => `completed ${name}`))
      })

      test('and kill their worker again do not take their neighbours with them', async () => {
        const queue = tasks(world, { partitions: 1, visibility: '1h', deadLetter: { maxReceives: 2 } })
        const names = ['a', 'b', 'c', 'poison']
        await give(queue, ...names)
        // The worker that took them all died.
        await queue.receive({ max: 4, visibility: 200 })
        await sleep(250)
        // Those that die one after another, as soon as they get the poison, take it alone: the others are done before.
        await shift().worker(queue, { concurrency: 4 })
        await shift().happened('completed a', 'completed b', 'completed c', 'completed poison')
        expect(shift().most).toBe(1)
        expect(await queue.deadLetters.count()).toBe(0)
      })
    })
  },
  ['redis', 'valkey', 'cluster'],
  'speed',
)

over(
  (world) => {
    const shift = useShift()

    // Found by `npm run chaos -- --only soak-fifo --seed 697046720`.
    test('a message that arrives when another has it is not begun', async () => {
      const queue = tasks(world)
      await using proxy = await startProxy(serverOf(world))
      const client = await connect(proxy.url, { namespace: world.client.shared.namespace })
      await shift().worker(elsewhere(client, queue), { visibility: 400 })
      await shift().happened('idle')
      proxy.delay = 1500 // so the deadline is over long before it arrives, and before the worker can ask whether it still has it
      await give(queue, 'a')
      await expect.poll(async () => (await queue.stats()).inFlight).toBe(1)
      const [taken] = await queue.receive({ wait: '20s', visibility: '1h' })
      expect(taken?.deliveries).toBe(2)
      await shift().happened('lost a')
      expect(shift().started).toEqual([])
      proxy.delay = 0
      await taken?.complete()
      await shift().workers[0]?.stop()
      await client.close()
    })

    test('a message that is lost because Redis was away is finished by another, and only by that one', async () => {
      const queue = tasks(world, { visibility: 400 })
      await give(queue, { name: 'a', do: 'ignore', with: 'late' })
      const { id } = (await queue.peek()).messages[0] as { id: string }
      await using proxy = await startProxy(serverOf(world))
      const client = await connect(proxy.url, { namespace: world.client.shared.namespace })
      await shift().worker(elsewhere(client, queue))
      await shift().runs('a')
      proxy.pause()
      const [taken] = await queue.receive({ wait: '10s', visibility: '1h' })
      expect(taken?.deliveries).toBe(2)
      await shift().happened('lost a')
      shift().end('a')
      proxy.resume()
      await taken?.complete('in time')
      expect(await queue.result(id)).toBe('in time')
      await shift().workers[0]?.stop()
      await client.close()
      expect(shift().events).not.toContain('completed a')
    })
  },
  ['redis', 'valkey'],
  'connections',
)
