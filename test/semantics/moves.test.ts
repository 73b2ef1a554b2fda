// Tasks that move messages out of a dead-letter queue.
import { beforeEach, describe, expect, test } from 'vitest'
import type { Message, MoveTask, Queue } from '../../lib/index.ts'
import { until } from '../crash/until.ts'
import { die, pair } from './dead-letter-pairs.ts'
import { EVERYWHERE, over, refusal } from './world.ts'

const bodies = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`)

over((world) => {
  const { needs } = world
  let moves: typeof world.client.moves
  beforeEach(() => {
    moves = world.client.moves
  })

  /** The task, once it has ended. */
  const ended = (from: string) =>
    until('the task has ended', async () => {
      const [task] = await moves.list(from)
      return task && task.status !== 'RUNNING' ? task : undefined
    }) as Promise<MoveTask>

  async function all(queue: Queue<string>): Promise<Message<string>[]> {
    const found: Message<string>[] = []
    for (;;) {
      const batch = await queue.receive({ max: 100 })
      if (batch.length === 0) return found
      found.push(...batch)
    }
  }

  describe('a move task', () => {
    test('brings each message back to where it came from', async () => {
      const { source, dead } = await pair(world)
      const other = world.queue<string>({ deadLetter: { queue: dead.name, maxReceives: 1 } })
      const ids = await die(source, dead, 'a', 'b')
      const [third] = await die(other, dead, 'c')
      const task = await moves.start({ from: dead.name })
      expect(task).toMatchObject({ from: dead.name, toMove: 3, startedAt: expect.any(Date) })
      const done = await ended(dead.name)
      expect(done).toMatchObject({ status: 'COMPLETED', moved: 3, toMove: 3 })
      await until('all have arrived', async () => (await dead.stats()).moving === 0)
      const back = await all(source)
      expect(back.map(({ id }) => id).sort()).toEqual([...ids].sort())
      for (const { deliveries, attempts, deadLetter } of back) {
        expect([deliveries, deadLetter]).toEqual([2, undefined])
        if (world.store !== 'endpoint') expect(attempts).toBe(1)
      }
      expect((await all(other)).map(({ id }) => id)).toEqual([third])
      expect(await dead.stats()).toMatchObject({ ready: 0, dead: 0, moving: 0 })
    })

    test('brings all to one queue where that is asked for', async () => {
      const { source, dead } = await pair(world)
      const target = world.queue<string>()
      await target.stats()
      const ids = await die(source, dead, 'a', 'b')
      await moves.start({ from: dead.name, to: target.name })
      expect(await ended(dead.name)).toMatchObject({ status: 'COMPLETED', to: target.name, moved: 2 })
      await until('all have arrived', async () => (await target.stats()).ready === 2)
      expect((await all(target)).map(({ id }) => id).sort()).toEqual([...ids].sort())
    })

    needs('filters').test('moves no more than `limit`, and only what the filter lets through', async () => {
      const { source, dead } = await pair(world)
      await die(source, dead, 'a', 'b', 'c')
      await source.send('d', { attributes: { kind: { type: 'String', value: 'rare' } } })
      const [message] = (await source.receive({ wait: '5s' })) as [Message<string>]
      await message.release()
      await source.receive()
      await until('it has arrived', async () => (await dead.stats()).ready === 4)
      await moves.start({
        from: dead.name,
        filter: { attribute: { name: 'kind', value: 'rare' }, reason: 'maxReceives' },
      })
      expect(await ended(dead.name)).toMatchObject({ status: 'COMPLETED', moved: 1 })
      await until('it is back', async () => (await source.stats()).ready === 1)
      expect((await all(source)).map(({ body }) => body)).toEqual(['d'])
      await moves.start({ from: dead.name, limit: 2, filter: { newerThan: '1h' } })
      await until('the task has ended', async () => (await moves.list(dead.name))[0]?.moved === 2)
      expect(await ended(dead.name)).toMatchObject({ status: 'COMPLETED', moved: 2, toMove: 2 })
      expect(await dead.stats()).toMatchObject({ ready: 1 })
      await moves.start({ from: dead.name, filter: { olderThan: '1h' } })
      await until('the task has ended', async () => (await moves.list(dead.name))[0]?.moved === 0)
      expect(await ended(dead.name)).toMatchObject({ status: 'COMPLETED', moved: 0 })
    })

    needs('filters').test('says what it would do, and does nothing, in a dry run', async () => {
      const { source, dead } = await pair(world, { partitions: 2 })
      await die(source, dead, 'a', 'b', 'c')
      await dead.send('direct')
      const dry = await moves.start({ from: dead.name, dryRun: true })
      expect(dry).toEqual({ toMove: 3, queues: { [source.name]: 3 }, homeless: 1 })
      expect(await moves.start({ from: dead.name, dryRun: true, filter: { reason: 'maxReceives' } })).toMatchObject({
        toMove: 0,
      })
      expect(await moves.start({ from: dead.name, dryRun: true, limit: 1 })).toMatchObject({ toMove: 1 })
      expect(await dead.stats()).toMatchObject({ ready: 4 })
      expect(await moves.list(dead.name)).toEqual([])
    })

    needs('filters').test('of a FIFO queue leaves groups whose head is in flight, as its dry run says', async () => {
      const dead = world.fifo<string>({ partitions: 1 })
      await dead.stats()
      const source = world.fifo<string>({ partitions: 1, deadLetter: { queue: dead.name, maxReceives: 1 } })
      const send = (body: string, group = '') => source.send(body, { group, deduplicationId: body })
      for (const body of ['a1', 'a2', 'b1']) await send(body, body[0])
      for (let left = 3; left > 0; )
        for (const message of await source.receive({ max: 10, wait: '5s' })) {
          await message.reject('no')
          left--
        }
      await until('all are dead', async () => (await dead.stats()).ready === 3)
      const [head] = (await dead.receive({ visibility: '1h' })) as [Message<string>]
      const others = head.group === 'a' ? 1 : 2
      expect(await moves.start({ from: dead.name, dryRun: true })).toMatchObject({ toMove: others })
      await moves.start({ from: dead.name })
      expect(await ended(dead.name)).toMatchObject({ status: 'COMPLETED', moved: others })
    })

    test('fails at messages whose source is not known, which stay, and moves the others', async () => {
      const { source, dead } = await pair(world)
      await dead.send('direct')
      await die(source, dead, 'a')
      await moves.start({ from: dead.name })
      expect(await ended(dead.name)).toMatchObject({
        status: 'FAILED',
        failureReason: 'CouldNotDetermineMessageSource',
        moved: 1,
      })
      expect((await all(dead)).map(({ body }) => body)).toEqual(['direct'])
    })

    needs('keys').test(
      'claims the keys again; what is a duplicate by now becomes a dead letter of the queue itself',
      async () => {
        const { source, dead } = await pair(world)
        const first: string[] = []
        for (const key of ['k', 'l']) {
          first.push((await source.send('one', { idempotencyKey: key })).id as string)
          const [message] = (await source.receive({ wait: '5s' })) as [Message<string>]
          await message.reject('why')
        }
        await until('both have arrived', async () => (await dead.stats()).ready === 2)
        const { id } = await source.send('two', { idempotencyKey: 'l' })
        await moves.start({ from: dead.name })
        await until('both are back', async () => (await source.stats()).dead === 1)
        expect(await source.send('one', { idempotencyKey: 'k' })).toEqual({ id: first[0], duplicate: true })
        expect((await refusal(source.send('two', { idempotencyKey: 'k' }))).code).toBe('IdempotencyMismatch')
        expect((await source.deadLetters.list()).letters).toMatchObject([
          { id: first[1], reason: 'duplicate', error: id },
        ])
        expect(await source.deadLetters.redrive()).toEqual({ redriven: 0, duplicates: 1 })
      },
    )

    needs('keys').test(
      'claims the keys by the body and its attributes, with whatever else a message was sent',
      async () => {
        const { source, dead } = await pair(world)
        const besides = { idempotencyKey: 'k', attributes: { kind: 'x' }, sender: 'somebody' }
        const { id } = await source.send('a', { ...besides, trace: 'first' })
        const [message] = (await source.receive({ wait: '5s' })) as [Message<string>]
        await message.reject('no')
        await until('it is dead', async () => (await dead.stats()).ready === 1)
        await moves.start({ from: dead.name })
        await until('it is back', async () => (await source.stats()).ready === 1)
        expect(await source.send('a', { ...besides, trace: 'second' })).toMatchObject({ id, duplicate: true })
        expect((await refusal(source.send('b', besides))).code).toBe('IdempotencyMismatch')
      },
    )

    test('does not move what comes later, or is in flight', async () => {
      const { source, dead } = await pair(world)
      await die(source, dead, 'a', 'b')
      const [held] = (await dead.receive({ wait: '5s', visibility: '1h' })) as [Message<string>]
      await moves.start({ from: dead.name })
      expect(await ended(dead.name)).toMatchObject({ status: 'COMPLETED', moved: 1, toMove: 1 })
      await held.release()
      expect(await dead.stats()).toMatchObject({ ready: 1 })
    })

    test('keeps to its rate, and answers how many it had moved when it is cancelled', async () => {
      const { source, dead } = await pair(world, { partitions: 2 })
      await die(source, dead, ...bodies(20))
      const { handle } = await moves.start({ from: dead.name, rate: 1 })
      expect((await refusal(moves.start({ from: dead.name }))).code).toBe('MoveTaskRunning')
      await until('it has moved one', async () => ((await moves.list(dead.name))[0]?.moved ?? 0) > 0)
      const moved = await moves.cancel(handle)
      expect(moved).toBeGreaterThan(0)
      expect(moved).toBeLessThan(20)
      expect(await ended(dead.name)).toMatchObject({ status: 'CANCELLED', moved, rate: 1 })
      expect((await refusal(moves.cancel(handle))).code).toBe('MoveTaskDoesNotExist')
      await until('all have arrived', async () => (await source.stats()).ready === moved)
      expect(await dead.stats()).toMatchObject({ ready: 20 - moved, moving: 0 })
    })

    test('is listed with those before it, the newest first', async () => {
      const { source, dead } = await pair(world)
      const tasks: MoveTask[] = []
      for (const body of ['a', 'b', 'c']) {
        await die(source, dead, body)
        tasks.unshift(await moves.start({ from: dead.name }))
        await ended(dead.name)
      }
      const listed = await moves.list(dead.name, { limit: 10 })
      expect(listed.map(({ startedAt }) => startedAt)).toEqual(tasks.map(({ startedAt }) => startedAt))
      // SQS shows the handles of those that run.
      if (world.store !== 'endpoint') expect(listed.map(({ handle }) => handle)).toEqual(tasks.map((one) => one.handle))
      expect(await moves.list(dead.name)).toHaveLength(1)
      expect(JSON.parse(Buffer.from(tasks[0]?.handle as string, 'base64').toString())).toEqual({
        taskId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        sourceArn: expect.stringMatching(new RegExp(`^arn:aws:sqs:[a-z0-9-]+:t[0-9a-f]+:${dead.name}$`)),
      })
    })

    test('is refused where it makes no sense', async () => {
      const { source, dead } = await pair(world)
      const codes = async (...calls: Parameters<typeof moves.start>[0][]) =>
        Promise.all(calls.map(async (options) => (await refusal(moves.start(options as never))).code))
      expect(
        await codes({ from: source.name }, { from: 'no-such-queue' }, { from: dead.name, to: 'no-such-queue' }),
      ).toEqual(['NotADeadLetterQueue', 'QueueDoesNotExist', 'QueueDoesNotExist'])
      const invalid = world.code('InvalidOption')
      expect(
        await codes(
          { from: dead.name, to: dead.name },
          { from: dead.name, rate: 501 },
          { from: dead.name, to: 'x.fifo' },
        ),
      ).toEqual([invalid, invalid, world.code('WrongQueueType', 'InvalidParameterValue')])
      expect((await refusal(moves.cancel('nonsense'))).code).toBe(invalid)
    })

    needs('filters').test('is refused with options that make no sense', async () => {
      const { dead } = await pair(world)
      const start = (options: object) => moves.start({ from: dead.name, ...options })
      expect((await refusal(start({ limit: 0 }))).code).toBe('InvalidOption')
      expect((await refusal(start({ speed: 1 }))).code).toBe('UnknownOption')
    })
  })
}, EVERYWHERE)
