// What a worker refuses, and what it bounds.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Worker } from '../../lib/index.ts'
import { over } from '../semantics/world.ts'

over((world) => {
  test('a worker is refused a queue that hides messages for less than heartbeats can keep up with', async () => {
    const worker = new Worker(world.queue({ visibility: 50 }), () => {})
    await expect(worker.start()).rejects.toMatchObject({ code: 'InvalidOption' })
    await worker.stop()
  })

  test('a worker stopped while it starts ends, and keeps no timer', async () => {
    const worker = new Worker(world.queue(), () => {})
    const started = worker.start()
    await worker.stop()
    await started
    expect(worker.health().running).toBe(false)
  })

  test('a worker goes on with the visibility it started with when the queue is given another', async () => {
    const queue = world.queue<string>({ visibility: '1h' })
    let left = 0
    await using worker = new Worker(queue, async () => {
      const [message] = (await queue.peek({ state: 'inFlight' })).messages
      left = (message?.dueAt.getTime() ?? 0) - Date.now()
    })
    await worker.start()
    await queue.configure({ visibility: 200 })
    const { id } = await queue.send('a')
    await queue.result({ id: id as string })
    expect(left).toBeGreaterThan(1_800_000)
  })

  test('a worker whose client is closed stops asking', async () => {
    const client = await world.another()
    const worker = new Worker(world.same(client, world.queue()), () => {})
    let errors = 0
    worker.on('error', () => errors++)
    await worker.start()
    await client.close()
    const before = errors
    await sleep(600)
    expect(errors).toBeLessThanOrEqual(before + 1)
    await worker.stop()
  })
})

over(
  (world) => {
    test('a worker keeps thousands of messages of one partition', async () => {
      const visibility = 9_000
      const queue = world.queue<number>({ visibility, partitions: 1 })
      const many = 4_500
      await queue.sendMany(Array.from({ length: many }, (_, body) => ({ body })))
      let release = () => {}
      const gate = new Promise<void>((resolve) => {
        release = resolve
      })
      const lost: string[] = []
      let begun = 0
      await using worker = new Worker(
        queue,
        async () => {
          begun++
          await gate
        },
        { concurrency: many },
      )
      worker.on('lost', ({ message }) => lost.push(message.id))
      await worker.start()
      await expect.poll(() => begun).toBe(many)
      // Hidden for longer than the visibility: only heartbeats can do that.
      const unkept = Date.now() + visibility
      const nearest = async () => (await queue.peek({ state: 'inFlight' })).messages[0]?.dueAt.getTime()
      await expect.poll(nearest, { interval: 100 }).toBeGreaterThan(unkept)
      release()
      await expect.poll(async () => (await queue.stats()).inFlight).toBe(0)
      expect(lost).toEqual([])
      expect(begun).toBe(many)
    })
  },
  ['redis', 'valkey', 'cluster'],
  'speed',
)
