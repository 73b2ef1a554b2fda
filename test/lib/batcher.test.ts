import { afterEach, describe, expect, test, vi } from 'vitest'
import { Batcher } from '../../lib/batcher.ts'
import { Timeout } from '../../lib/errors.ts'

interface Batch {
  items: string[]
  answer: (outs?: (string | Error)[]) => Promise<void>
  fail: (error: Error) => Promise<void>
}

afterEach(() => vi.useRealTimers())

/** A batcher whose batches are answered by the test. */
function stage() {
  const batches: Batch[] = []
  const tick = () => new Promise<void>((resolve) => setImmediate(resolve))
  const run = (items: string[]) =>
    new Promise<(string | Error)[]>((resolve, reject) => {
      const settled = (act: () => void) => {
        act()
        return tick()
      }
      batches.push({
        items,
        answer: (outs = items.map((item) => `${item}!`)) => settled(() => resolve(outs)),
        fail: (error) => settled(() => reject(error)),
      })
    })
  const batcher = new Batcher<string, string>(
    run,
    (item, sent) => new Timeout(`${item} ${sent ? 'was sent' : 'was not sent'}`),
  )
  const add = (
    item: string,
    options: { bytes?: number; timeout?: number; signal?: AbortSignal; weight?: number } = {},
  ) => batcher.add(item, options.bytes ?? 1, options.timeout ?? 10_000, options.signal, options.weight)
  const batch = (i: number) => batches[i] as Batch
  return { batcher, batches, batch, add, tick }
}

describe('calls that meet', () => {
  test('travel together, and each has its own answer', async () => {
    const { batch, batches, add, tick } = stage()
    const answers = Promise.all(['a', 'b', 'c'].map((item) => add(item)))
    await tick()
    expect(batches.map(({ items }) => items)).toEqual([['a', 'b', 'c']])
    await batch(0).answer()
    expect(await answers).toEqual(['a!', 'b!', 'c!'])
  })

  test('a single one does not wait', async () => {
    const { batches, add } = stage()
    void add('a')
    await new Promise<void>((resolve) => process.nextTick(resolve))
    expect(batches).toHaveLength(1)
  })

  test('while a batch is on its way travel in the next', async () => {
    const { batch, batches, add, tick } = stage()
    void add('a')
    await tick()
    void add('b')
    await tick()
    void add('c')
    await tick()
    expect(batches).toHaveLength(1)
    await batch(0).answer()
    expect(batches.map(({ items }) => items)).toEqual([['a'], ['b', 'c']])
    await batch(1).answer()
  })

  test('may each be refused', async () => {
    const { batch, add, tick } = stage()
    const answers = Promise.allSettled([add('a'), add('b')])
    await tick()
    await batch(0).answer(['fine', new Error('not you')])
    expect(await answers).toMatchObject([{ value: 'fine' }, { reason: { message: 'not you' } }])
  })

  test('fail together when their batch fails, and the next goes on', async () => {
    const { batch, add, tick } = stage()
    const answers = Promise.allSettled([add('a'), add('b')])
    await tick()
    await batch(0).fail(new Error('broken'))
    expect(await answers).toMatchObject([{ reason: { message: 'broken' } }, { reason: { message: 'broken' } }])
    const next = add('c')
    await tick()
    await batch(1).answer()
    expect(await next).toBe('c!')
  })
})

describe('a batch', () => {
  test('has at most 500 calls', async () => {
    const { batches, batch, add, tick } = stage()
    const answers = Promise.all(Array.from({ length: 1_201 }, (_, i) => add(String(i))))
    for (let i = 0; i < 3; i++) {
      await tick()
      await batch(i).answer()
    }
    expect(batches.map(({ items }) => items.length)).toEqual([500, 500, 201])
    expect((await answers).at(-1)).toBe('1200!')
  })

  test('has at most 1 MiB, unless it is one call', async () => {
    const { batches, batch, add, tick } = stage()
    const half = { bytes: 512 * 1024 }
    const answers = Promise.all([
      add('big', { bytes: 5 * 1024 * 1024 }),
      add('a', half),
      add('b', half),
      add('c', half),
    ])
    for (let i = 0; i < 3; i++) {
      await tick()
      await batch(i).answer()
    }
    expect(batches.map(({ items }) => items)).toEqual([['big'], ['a', 'b'], ['c']])
    await answers
  })

  test('has at most 500 messages, what follows its calls included, unless it is one call', async () => {
    const { batches, batch, add, tick } = stage()
    const answers = Promise.all([
      add('heavy', { weight: 501 }),
      add('a', { weight: 499 }),
      add('b'),
      add('c'),
      add('d', { weight: 500 }),
    ])
    for (let i = 0; i < 4; i++) {
      await tick()
      await batch(i).answer()
    }
    expect(batches.map(({ items }) => items)).toEqual([['heavy'], ['a', 'b'], ['c'], ['d']])
    await answers
  })

  test('counts the bytes that are not answered', async () => {
    const { batcher, batch, add, tick } = stage()
    const end = new AbortController()
    const answers = [add('a', { bytes: 10 }), add('b', { bytes: 5 })]
    await tick()
    const aborted = add('c', { bytes: 7, signal: end.signal })
    expect(batcher.bytes).toBe(22)
    end.abort(new Error('never mind'))
    await expect(aborted).rejects.toThrow('never mind')
    expect(batcher.bytes).toBe(15)
    await batch(0).answer()
    await Promise.all(answers)
    expect(batcher.bytes).toBe(0)
  })
})

describe('a call', () => {
  test('whose signal has aborted does not travel', async () => {
    const { batches, add, tick } = stage()
    await expect(add('a', { signal: AbortSignal.abort(new Error('never mind')) })).rejects.toThrow('never mind')
    await tick()
    expect(batches).toEqual([])
  })

  test('that is on its way ends for the caller when its signal aborts', async () => {
    const { batch, add, tick } = stage()
    const end = new AbortController()
    const answers = Promise.allSettled([add('a', { signal: end.signal }), add('b')])
    await tick()
    end.abort(new Error('never mind'))
    await batch(0).answer()
    expect(await answers).toMatchObject([{ reason: { message: 'never mind' } }, { value: 'b!' }])
  })

  test('leaves no listener on its signal, however it ended', async () => {
    const { batch, add, tick } = stage()
    const { signal } = new AbortController()
    const open = new Set<unknown>()
    const listen = signal.addEventListener.bind(signal)
    const leave = signal.removeEventListener.bind(signal)
    signal.addEventListener = ((type: string, listener: () => void, options: object) => {
      open.add(listener)
      listen(type, listener, options)
    }) as typeof listen
    signal.removeEventListener = ((type: string, listener: () => void) => {
      open.delete(listener)
      leave(type, listener)
    }) as typeof leave
    const answers = Promise.allSettled([add('a', { signal }), add('b', { signal })])
    await tick()
    await batch(0).answer(['fine', new Error('not you')])
    await answers
    const failed = Promise.allSettled([add('c', { signal })])
    await tick()
    await batch(1).fail(new Error('broken'))
    await failed
    expect(open.size).toBe(0)
  })

  test('ends at its timeout, and says whether it was on its way', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { add, tick } = stage()
    const sent = Promise.allSettled([add('a', { timeout: 100 })])
    await tick()
    const waiting = Promise.allSettled([add('b', { timeout: 200 }), add('c', { timeout: 5_000 })])
    vi.advanceTimersByTime(150)
    expect(await sent).toMatchObject([{ reason: { code: 'Timeout', message: 'a was sent' } }])
    vi.advanceTimersByTime(100)
    vi.advanceTimersByTime(5_000)
    expect(await waiting).toMatchObject([
      { reason: { message: 'b was not sent' } },
      { reason: { message: 'c was not sent' } },
    ])
  })

  test('that ended at its timeout does not travel later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { batches, batch, add, tick } = stage()
    void add('a')
    await tick()
    const late = Promise.allSettled([add('b', { timeout: 100 })])
    vi.advanceTimersByTime(150)
    await late
    await batch(0).answer()
    await tick()
    expect(batches).toHaveLength(1)
  })

  test('whose batch has no answer in time says that it was on its way', async () => {
    const { batch, add, tick } = stage()
    const answer = Promise.allSettled([add('a')])
    await tick()
    await batch(0).fail(new Timeout('no answer'))
    expect(await answer).toMatchObject([{ reason: { message: 'a was sent' } }])
  })

  test('that is abandoned is told why, on its way or not', async () => {
    const { batcher, add, tick } = stage()
    const answers = Promise.allSettled([add('a'), add('b')])
    await tick()
    const waiting = Promise.allSettled([add('c')])
    batcher.abandon((item) => new Error(`${item}: closed`))
    expect(await answers).toMatchObject([{ reason: { message: 'a: closed' } }, { reason: { message: 'b: closed' } }])
    expect(await waiting).toMatchObject([{ reason: { message: 'c: closed' } }])
  })
})
