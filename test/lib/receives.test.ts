import { expect, test } from 'vitest'
import { Timeout } from '../../lib/errors.ts'
import { Receives } from '../../lib/receives.ts'
import type { Batch, Delivered, Request } from '../../lib/redis/deliveries.ts'
import type { Partition } from '../../lib/redis/partition.ts'

const EMPTY: Batch = { messages: [], due: 700, over: false, outbox: false }

/** Receives of a partition whose calls the test answers. */
function stage({ grouped = false } = {}) {
  const calls: { request: Request; answer: (batch: Batch) => void; fail: (error: Error) => void }[] = []
  const released: string[] = []
  const partition = {
    grouped,
    receive: (request: Request) =>
      new Promise<Batch>((resolve, reject) => calls.push({ request, answer: resolve, fail: reject })),
    release: async (batch: { short: string; how: string }[]) => {
      released.push(...batch.map(({ short, how }) => `${short} ${how}`))
      return ''
    },
  }
  const receives = new Receives(partition as unknown as Partition, () => new Timeout('late'))
  const ask = (request: Partial<Request> = {}, signal?: AbortSignal, timeout = 10_000) =>
    receives.ask(
      { max: 1, returning: 1, visibility: undefined, wait: 0, ...request },
      performance.now() + timeout,
      signal,
    )
  const call = (i: number) => calls[i] as (typeof calls)[number]
  return { calls, call, released, ask, tick: () => new Promise<void>((resolve) => setImmediate(resolve)) }
}

function batch(names: string, bytes = 10): Batch {
  const messages = [...names].map((short) => ({ short, record: Buffer.alloc(bytes) }) as Delivered)
  return { messages, due: -1, over: false, outbox: false }
}

const names = ({ messages }: Batch) => messages.map(({ short }) => short).join('')

test('receives that meet are one call for the sum, whose messages go to them in turn', async () => {
  const { ask, call, calls, tick } = stage()
  const asked = Promise.all([ask({ max: 2 }), ask({ max: 1 }), ask({ max: 3, wait: 500 })])
  await tick()
  expect(calls).toHaveLength(1)
  expect(call(0).request).toMatchObject({ max: 6, returning: 6, wait: 500 })
  call(0).answer(batch('abcde'))
  expect((await asked).map(names)).toEqual(['ab', 'c', 'de'])
})

test('what comes while a call is on its way shares the next one', async () => {
  const { ask, call, calls, tick } = stage()
  const first = ask()
  await tick()
  const others = [ask(), ask()]
  await tick()
  expect(calls).toHaveLength(1)
  call(0).answer(batch('a'))
  expect(names(await first)).toBe('a')
  await tick()
  expect(call(1).request.max).toBe(2)
  call(1).answer(batch('bc'))
  expect((await Promise.all(others)).map(names)).toEqual(['b', 'c'])
})

test('those for whom nothing is left are to ask again at once; where nothing was, all are told when to look', async () => {
  const { ask, call, tick } = stage()
  const asked = [ask(), ask()]
  await tick()
  call(0).answer(batch('a'))
  expect(await Promise.all(asked)).toMatchObject([
    { messages: [{ short: 'a' }] },
    { messages: [], due: 0, over: false },
  ])
  const again = [ask(), ask()]
  await tick()
  call(1).answer({ ...EMPTY, over: true })
  expect(await Promise.all(again)).toMatchObject([
    { due: 700, over: true },
    { due: 700, over: true },
  ])
})

test('different visibilities are different calls, and the failure of one is not the other’s', async () => {
  const { ask, call, calls, tick } = stage()
  const short = ask({ visibility: 1_000 })
  const usual = [ask(), ask()]
  await tick()
  expect(calls.map(({ request }) => [request.visibility, request.max])).toEqual([
    [1_000, 1],
    [undefined, 2],
  ])
  call(0).fail(new Error('refused'))
  call(1).answer(batch('ab'))
  await expect(short).rejects.toThrow('refused')
  expect((await Promise.all(usual)).map(names)).toEqual(['a', 'b'])
})

test('one that is given up before the call goes takes no part in it', async () => {
  const { ask, call, calls, tick } = stage()
  const first = ask()
  await tick()
  const end = new AbortController()
  const given = ask({ max: 5 }, end.signal)
  const other = ask()
  end.abort()
  call(0).answer(batch('a'))
  await first
  await tick()
  expect(call(1).request.max).toBe(1)
  call(1).answer(batch('b'))
  expect(names(await given)).toBe('')
  expect(names(await other)).toBe('b')
  expect(calls).toHaveLength(2)
})

test('where all are given up there is no call', async () => {
  const { ask, calls, tick } = stage()
  expect(names(await ask({}, AbortSignal.abort()))).toBe('')
  await tick()
  expect(calls).toEqual([])
})

test('what was for one that is given up goes to the others, and the rest back, uncounted', async () => {
  const { ask, call, released, tick } = stage()
  const end = new AbortController()
  const given = ask({ max: 3 }, end.signal)
  const other = ask({ max: 2 })
  await tick()
  end.abort()
  call(0).answer(batch('abcd'))
  expect(names(await given)).toBe('')
  expect(names(await other)).toBe('ab')
  expect(released).toEqual(['c uncounted', 'd uncounted'])
})

test('one whose time is over is told so, and loses no message', async () => {
  const { ask, call, released, tick } = stage()
  const late = ask({}, undefined, 20)
  const other = ask()
  await tick()
  await expect(late).rejects.toThrow('late')
  call(0).answer(batch('ab'))
  expect(names(await other)).toBe('a')
  await tick()
  expect(released).toEqual(['b uncounted'])
})

test('a call is for at most 500 messages, and for about 1 MiB of such as came last', async () => {
  const { ask, call, calls, tick } = stage()
  const many = [ask({ max: 400 }), ask({ max: 200 })]
  await tick()
  expect(call(0).request.max).toBe(400)
  call(0).answer(batch('a', 300_000))
  await many[0]
  await tick()
  call(1).answer(batch('b', 300_000))
  await many[1]
  const large = [ask({ max: 2 }), ask({ max: 1 }), ask({ max: 1 })]
  await tick()
  expect(calls.slice(2).map(({ request }) => request.max)).toEqual([3])
  call(2).answer(EMPTY)
  await Promise.all(large.slice(0, 2))
  await tick()
  call(3).answer(EMPTY)
  await Promise.all(large)
})

test.each([
  ['of messages with groups', { grouped: true }, {}],
  ['that name an attempt', {}, { attempt: 'again' }],
])('receives %s go by themselves', async (_, options, request) => {
  const { ask, calls, tick } = stage(options)
  void ask(request)
  void ask(request)
  await tick()
  expect(calls.map(({ request }) => request.max)).toEqual([1, 1])
})
