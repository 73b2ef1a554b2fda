// Calls with what they cannot take end with a named error, and nothing is made or written.
import { expect, test } from 'vitest'
import type { Queue } from '../../lib/index.ts'
import { over } from './world.ts'

type Anything = Queue & Record<string, (...args: unknown[]) => Promise<unknown>>

over((world) => {
  test.each<[string, (queue: Anything) => Promise<unknown>]>([
    ['sendMany(5)', (queue) => queue.sendMany(5 as never)],
    ['send with a signal that is none', (queue) => queue.send(1, { signal: 5 as never })],
    ['receive with a signal that is none', (queue) => queue.receive({ signal: 5 as never, wait: 10 })],
    ['redrive with ids that are no list', (queue) => queue.deadLetters.redrive({ ids: 'x' as never })],
    ['result(null)', (queue) => queue.result(null as never)],
    ['peek(null)', (queue) => queue.peek(null as never)],
    ['a timeout that no timer can hold', (queue) => queue.send(1, { timeout: '30d' })],
  ])('%s', async (_, call) => {
    await expect(call(world.queue() as Anything)).rejects.toMatchObject({
      code: expect.stringMatching(/^Invalid(Option|Duration)$/),
    })
  })

  test('an entry of sendMany that is no object is refused by itself', async () => {
    const outcomes = await world.queue().sendMany([undefined as never, { body: 1 }])
    expect(outcomes).toEqual([
      { error: expect.objectContaining({ code: 'InvalidOption' }) },
      { id: expect.any(String) },
    ])
  })

  test('a refused first send makes no queue', async () => {
    const fresh = world.queue()
    await expect(fresh.send(() => {})).rejects.toMatchObject({ code: 'InvalidBody' })
    expect((await world.client.queues.list()).names).not.toContain(fresh.name)
  })
})
