// A worker whose handlers run in threads of their own: what they are given, what comes back, and which threads there are.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Worker } from '../../lib/index.ts'
import { Message } from '../../lib/message.ts'
import { over } from '../semantics/world.ts'
import { module, type Task, useIsolatedShift } from './isolated/shift.ts'

over(
  (world) => {
    const shift = useIsolatedShift()
    const tasks = (options = {}) => world.queue<Task, unknown>(options)

    /** What the handler returns for a message. */
    async function returned(task: Task, options = {}): Promise<unknown> {
      const queue = tasks()
      await queue.send(task, options)
      await shift().worker(queue)
      await shift().happened(`completed ${task.do}`)
      return shift().results[0]
    }

    /** What the handler throws for a message. */
    async function thrown(task: Task, options = {}) {
      const queue = tasks({ deadLetter: { maxReceives: 1 } })
      await queue.send(task)
      await shift().worker(queue, options)
      await shift().happened(`failed ${task.do}`)
      return shift().failures[0]
    }

    describe('a worker with `isolate`', () => {
      test.each([
        ['a function', () => {}, true],
        ['nothing', undefined, true],
        ['a module without it', module(), undefined],
        ['a module without it, said so', new URL(module()), false],
        ['a module that is no file', new URL('https://example.com/handler.js'), true],
      ])('is refused %s', (_, handler, isolate) => {
        const make = () => new Worker(tasks(), handler as never, { ...(isolate !== undefined && { isolate }) })
        expect(make).toThrow(expect.objectContaining({ code: 'InvalidOption' }))
      })

      test.each([
        ['InvalidOption', 'yes'],
        ['InvalidOption', { resourceLimits: { stackSizeMb: '4' } }],
        ['UnknownOption', { resourceLimits: { maxOldGenerationSizeMB: 4 } }],
        ['UnknownOption', { limits: {} }],
      ])('is refused (%s) with %j', (code, isolate) => {
        const make = () => new Worker(tasks(), module(), { isolate: isolate as never })
        expect(make).toThrow(expect.objectContaining({ code }))
      })

      test.each([
        ['is not there', 'missing.js', /Cannot find module/],
        ['throws', 'broken.js', /not today/],
        ['has no default export', 'no-default.js', /default export must be a function, got undefined/],
      ])('does not start when its module %s, and can be stopped', async (_, name, text) => {
        const worker = new Worker(tasks(), module(name), { isolate: true })
        const error = await worker.start().catch((one) => one)
        expect(error).toMatchObject({ code: 'InvalidHandler', message: expect.stringMatching(text) })
        expect(error.message).not.toContain('eval')
        await worker.stop()
      })

      test('is stopped while it starts', async () => {
        const worker = new Worker(tasks(), module(), { isolate: true })
        const started = worker.start()
        await worker.stop()
        await started
      })

      test.each([
        ['a URL', () => new URL(module())],
        ['a path', () => fileURLToPath(module())],
        ['TypeScript', () => module('typed.ts')],
      ])('takes its module as %s', async (_, name) => {
        const queue = tasks()
        await using worker = new Worker<Task, unknown>(queue, name(), { isolate: true })
        await worker.start()
        const sent = await queue.send({ do: 'return', with: 'here' })
        expect(await queue.result(sent)).toMatch(/^(typed )?here$/)
      })
    })

    describe('an isolated handler', () => {
      test('is told all that a message tells', async () => {
        const options = { group: 'g', attributes: { n: 1, b: Buffer.from('bytes') }, trace: 't', sender: 's' }
        const queue = tasks()
        await queue.send({ do: 'tell', with: 'all' }, options)
        await shift().worker(queue)
        let message: Message<Task> | undefined
        shift().workers[0]?.on('completed', (event) => {
          message = event.message as Message<Task>
        })
        await shift().happened('completed tell')
        const getters = Object.entries(Object.getOwnPropertyDescriptors(Message.prototype))
        const names = getters.filter(([name, { get }]) => get && name !== 'key').map(([name]) => name)
        const own = Object.fromEntries(names.map((name) => [name, message?.[name as keyof Message]]))
        expect(names).toHaveLength(16)
        expect(shift().results[0]).toEqual({ ...own, given: message?.fence })
      })

      test('gets a body with its dates, bigints and bytes', async () => {
        const body = { date: new Date(), big: 2n ** 60n, bytes: Buffer.from('x'.repeat(9)), list: [Buffer.from('y')] }
        const kinds = await returned({ do: 'kinds', with: body })
        expect(kinds).toEqual(['Date', 'bigint', 'Buffer', 'Buffer', 'xxxxxxxxx'])
      })

      test('returns such a result', async () => {
        const result = { date: new Date(), big: 2n ** 60n, bytes: Buffer.from('x') }
        expect(await returned({ do: 'return', with: result })).toEqual(result)
      })

      test('returns what follows it', async () => {
        const next = world.queue<string>()
        await next.stats()
        expect(await returned({ do: 'follow', with: next.name })).toBe('done')
        expect((await next.receive({ wait: '10s' })).map(({ body }) => body)).toEqual(['next'])
      })

      test.each([
        ['a queue instead of its name', { do: 'follow', with: { name: 'next' } }, 'NotInThread'],
        ['what cannot be cloned', { do: 'function' }, 'InvalidBody'],
        ['the end of the message that it called for', { do: 'complete' }, 'NotInThread'],
      ])('is refused %s', async (_, task, code) => {
        expect(await thrown(task)).toMatchObject({ code })
      })

      test('throws an error that keeps what it says', async () => {
        const error = await thrown({ do: 'throw' })
        expect(error).toBeInstanceOf(Error)
        expect(error).toMatchObject({
          name: 'Strange',
          message: 'no luck',
          code: 'Strange',
          detail: { at: new Date(0) },
        })
        expect(error?.stack).toMatch(/^.*no luck\n.*handler\.js/)
        expect(error?.cause).toBeInstanceOf(TypeError)
        expect(error?.cause).toMatchObject({ message: 'no sense' })
      })

      test('throws what is no error', async () => {
        expect(await thrown({ do: 'throwText' })).toBe('no luck')
      })

      test('rejects', async () => {
        const queue = tasks()
        await queue.send({ do: 'reject' })
        await shift().worker(queue)
        await shift().happened('rejected reject')
        expect(shift().reasons).toEqual(['no use'])
      })
    })

    describe('threads', () => {
      test('are as many as the concurrency, and are used again', async () => {
        const queue = tasks()
        await queue.sendMany(Array.from({ length: 12 }, () => ({ body: { do: 'thread' } })))
        const worker = await shift().worker(queue, { concurrency: 2 })
        await shift().happened('completed thread', 12)
        expect(new Set(shift().results).size).toBeLessThanOrEqual(2)
        await worker.stop()
        expect(process.getActiveResourcesInfo()).not.toContain('MessagePort')
      })

      test.each([
        ['exits', 'exit', undefined, /exited with code 3/],
        ['leaves an error that nobody catches', 'uncaught', undefined, /RangeError: nobody is there/],
        ['needs more memory than it may', 'memory', { resourceLimits: { maxOldGenerationSizeMb: 16 } }, /memory limit/],
      ] as const)('one that %s fails its message, and is replaced', async (_, deed, isolate, text) => {
        const queue = tasks({ deadLetter: { maxReceives: 1 } })
        await queue.send({ do: deed })
        await shift().worker(queue, { ...(isolate && { isolate }) })
        await shift().happened(`failed ${deed}`)
        expect(shift().failures[0]).toMatchObject({ code: 'HandlerDied', message: expect.stringMatching(text) })
        await queue.send({ do: 'thread' })
        await shift().happened('completed thread')
        expect(shift().errors).toEqual([])
      })

      test('one that dies with nothing to do is told of, and is replaced', async () => {
        expect(await returned({ do: 'later' })).toBe('done')
        await expect.poll(() => shift().errors).toMatchObject([{ code: 'HandlerDied' }])
      })
    })
  },
  ['redis', 'memory'],
)
