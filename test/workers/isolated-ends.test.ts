// What ends an isolated handler that blocks its thread, and what does not.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { over } from '../semantics/world.ts'
import { type Task, useIsolatedShift } from './isolated/shift.ts'

over(
  (world) => {
    const shift = useIsolatedShift()
    const tasks = (options = {}) => world.queue<Task, unknown>(options)

    test('heartbeats go on while a handler blocks its thread', async () => {
      const queue = tasks({ visibility: 4_000 })
      await queue.send({ do: 'block', file: shift().file('go') })
      await shift().worker(queue)
      await shift().written('go.begun')
      await sleep(8_000) // longer than the visibility: only heartbeats can have kept it
      expect(await queue.receive({ max: 1 })).toEqual([])
      shift().write('go')
      await shift().happened('completed block')
      expect(shift().events).toEqual(['completed block'])
    })

    test('a handler that runs too long is told', async () => {
      const queue = tasks({ deadLetter: { maxReceives: 1_000 } })
      await queue.send({ do: 'heed', file: shift().file('begun') })
      await shift().worker(queue, { maxRuntime: 300 })
      expect(await shift().written('begun.reason')).toMatch(/Timeout$/)
      await shift().happened('failed heed')
      expect(shift().failures[0]).toMatchObject({ code: 'Timeout', message: expect.stringContaining('maxRuntime') })
    })

    test('one that does not end then loses its thread, and its message comes back', async () => {
      const queue = tasks({ deadLetter: { maxReceives: 1_000 } })
      await queue.send({ do: 'foreverOnce', file: shift().file('begun') })
      await shift().worker(queue, { maxRuntime: 300 })
      await shift().happened('completed foreverOnce')
      expect(shift().results).toEqual(['in time'])
      expect(shift().failures[0]).toMatchObject({ code: 'Timeout', message: expect.stringContaining('maxRuntime') })
    })

    test('one that has lost its message is told, and loses its thread, too', async () => {
      const queue = tasks({ visibility: 1_000 })
      await queue.send({ do: 'forever', file: shift().file('begun') })
      await shift().worker(queue)
      await shift().written('begun')
      await queue.purge()
      await queue.send({ do: 'thread' })
      await shift().happened('lost forever')
      await shift().happened('completed thread')
      expect(shift().events).not.toContain('completed forever')
    })

    test('one that has lost its message and heeds its signal is told why', async () => {
      const queue = tasks({ visibility: 1_000 })
      await queue.send({ do: 'heed', file: shift().file('begun') })
      await shift().worker(queue)
      await shift().written('begun')
      await queue.purge()
      expect(await shift().written('begun.reason')).toMatch(/ LostMessage$/)
    })

    test.each(['heed', 'forever'] as const)('stop ends one that would %s, and gives its message back', async (deed) => {
      const queue = tasks({ visibility: '1h' })
      await queue.send({ do: deed, file: shift().file('begun') })
      const worker = await shift().worker(queue)
      await shift().written('begun')
      await worker.stop({ grace: 50 })
      expect(shift().events).toEqual([`released ${deed}`])
      expect(worker.health().inFlight).toBe(0)
      expect(process.getActiveResourcesInfo()).not.toContain('MessagePort')
      expect(await queue.receive()).toMatchObject([{ deliveries: 2, attempts: 1 }])
    })
  },
  ['redis', 'valkey'],
  'speed',
)
