// A Redis that has reached its maxmemory: sends are refused before anything is written, everything else goes on.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RedisServer, startRedis } from '../harness/servers.ts'
import {
  claim,
  complete,
  discard,
  extend,
  purge,
  receive,
  redrive,
  release,
  result,
  send,
  sendOnce,
  unclaim,
  work,
} from './calls.ts'
import { completeGrouped, receiveGrouped, sendGrouped, workGrouped } from './group-calls.ts'
import { faults } from './sound.ts'
import { Stage, T } from './stage.ts'
import { arrive, dead } from './transit-calls.ts'

let server: RedisServer
let stage: Stage
const OOM = /OOM command not allowed/

beforeAll(async () => {
  server = await startRedis({ config: { 'maxmemory-policy': 'noeviction' } })
  stage = new Stage(server.url)
  await stage.redis.set('ballast', 'x'.repeat(2 ** 20))
})

afterAll(async () => {
  await stage.close()
  await server.stop()
})

const fill = () => stage.redis.config('SET', 'maxmemory', '1mb')
const drain = () => stage.redis.config('SET', 'maxmemory', '0')

/** `a` in flight (with key k), `b` and `c` ready, `d` a dead letter; the next tidying is far away, and the memory full. */
beforeEach(async () => {
  await drain()
  await stage.make({ visibility: 10_000 })
  await send(stage, T, { id: 'd' })
  await receive(stage, T)
  await release(stage, T, { id: 'd', how: 'rejected' })
  await sendOnce(stage, T, { id: 'a', key: 'k' })
  await receive(stage, T)
  await send(stage, T, { id: 'b' }, { id: 'c' })
  await stage.call('stats', T)
  await fill()
})

describe('when the memory is full', () => {
  test('a send is refused and writes nothing', async () => {
    const before = await stage.everything()
    await expect(send(stage, T, { id: 'e' })).rejects.toThrow(OOM)
    await expect(sendOnce(stage, T, { id: 'e', key: 'l' })).rejects.toThrow(OOM)
    expect(await stage.everything()).toEqual(before)
  })

  test('a send is refused also when it is time to tidy up, and so is what comes from another queue', async () => {
    const later = T + 400_000
    const before = await stage.everything()
    await expect(sendOnce(stage, later, { id: 'e', key: 'l' })).rejects.toThrow(OOM)
    await expect(send(stage, later, { id: 'f' })).rejects.toThrow(OOM)
    await expect(arrive(stage, later, { number: 5, id: 'g' })).rejects.toThrow(OOM)
    expect(await stage.everything()).toEqual(before)
  })

  test('a repeated send is still answered', async () => {
    expect(await sendOnce(stage, T, { id: 'b' })).toEqual(['s', 'b', ''])
  })

  const goesOn: Record<string, () => Promise<unknown>> = {
    complete: () => complete(stage, T, { id: 'a', key: 'k', result: 'm1' }),
    'complete and receive': () => work(stage, T, [{ id: 'a', key: 'k' }], { max: 1 }),
    'receive, new messages': () => receive(stage, T, { max: 10, visibility: 5 }),
    'receive, messages that came back': () => receive(stage, T + 10_000, { max: 1 }),
    'receive, a dead letter': async () => {
      await stage.call('configure', T, 2, 'maxReceives 1')
      return receive(stage, T + 10_000, { max: 1 })
    },
    'receive, nothing': async () => {
      await receive(stage, T, { max: 10 })
      return receive(stage, T, { max: 10, wait: 1_000 })
    },
    extend: () => extend(stage, T, { id: 'a', visibility: 20_000 }),
    release: () => release(stage, T, { id: 'a', how: 'failed', reason: 'no luck' }),
    reject: () => release(stage, T, { id: 'a', how: 'rejected', reason: 'no luck' }),
    claim: () => claim(stage, T, 1_000, { id: 'b', key: 'l' }),
    unclaim: async () => {
      await claim(stage, T, 1_000, { id: 'b', key: 'l' })
      return unclaim(stage, T, { id: 'b', key: 'l', done: true })
    },
    'result, awaited': () => result(stage, T, { id: 'a', wait: 1_000 }),
    stats: () => stage.call('stats', T),
    'stats, tidying': () => stage.call('stats', T + 400_000),
    nudge: () => stage.call('nudge', T),
    peek: () => stage.call('peek', T, 'ready', '-inf', 0, 10),
    redrive: () => redrive(stage, T),
    discard: () => discard(stage, T),
    purge: () => purge(stage, T),
    'configure, a pause': () => stage.call('configure', T, 2, 'paused 1'),
    declare: () => stage.call('declare', T, 1, 'visibility 9', ''),
    register: () => stage.call('register', T, 'add', 'queue', 1),
    tag: () => stage.call('tag', T, 'tag:a =b', 50),
    remove: () => stage.call('remove', T, 9),
  }
  for (const [name, call] of Object.entries(goesOn)) {
    test(`${name} goes on`, async () => {
      await call()
      expect(await faults(stage.redis, stage.tag)).toEqual([])
    })
  }

  test('work gets done: the queue is emptied', async () => {
    await complete(stage, T, { id: 'a', key: 'k' })
    for (let left = 2; left > 0; left--) {
      const { ids } = await receive(stage, T)
      expect(await complete(stage, T, { id: ids[0] as string, result: 'm1' })).toBe('')
    }
    expect((await stage.state()).ready).toBeUndefined()
    expect((await stage.state()).inflight).toBeUndefined()
  })
})

describe.each([
  { kind: 'FIFO', attributes: { fifo: 1 } },
  { kind: 'fair', attributes: { noisyInFlight: 2, noisyShare: 100 } },
])('when the memory is full, on a $kind queue', ({ attributes }) => {
  const fifo = 'fifo' in attributes
  const receipt = <R extends object>(id: string, sequence: number, rest = {} as R) => ({
    id,
    group: id[0] as string,
    ...(fifo && { sequence }),
    ...rest,
  })

  /** `d1` a dead letter, `a1` and `a2` in flight, `a3`, `b1` and the delayed `c1` wait. */
  beforeEach(async () => {
    await drain()
    await stage.make({ visibility: 10_000, retention: 1_000_000, ...attributes })
    const sent = (...names: string[]) =>
      sendGrouped(
        stage,
        T,
        names.map((id) => ({ id: `${id}@${T}`, group: id[0] as string })),
      )
    await sent('d1')
    await receiveGrouped(stage, T)
    await release(stage, T, receipt(`d1@${T}`, 1, { how: 'rejected' as const }))
    await sent('a1', 'a2', 'a3')
    await receiveGrouped(stage, T, { max: 2 })
    await sent('b1')
    await sendGrouped(stage, T, [{ id: `c1@${T}`, group: 'c', delay: 5_000 }])
    await fill()
  })
  const [a1, a2] = [receipt(`a1@${T}`, 2), receipt(`a2@${T}`, 3)]

  test('a send is refused and writes nothing', async () => {
    const before = await stage.everything()
    for (const group of ['a', 'e']) {
      await expect(sendGrouped(stage, T, [{ id: `e1@${T}`, group }])).rejects.toThrow(OOM)
    }
    expect(await stage.everything()).toEqual(before)
  })

  const later = T + 900_000
  test('a send is refused also when it is time to tidy up, or to drop a generation of deduplication ids', async () => {
    await drain()
    await sendGrouped(stage, T, [{ id: `e1@${T}`, group: 'e', dedup: 'x' }])
    await fill()
    const before = await stage.everything()
    for (const now of [T + 290_000, T + 299_999, later]) {
      await expect(sendGrouped(stage, now, [{ id: `e2@${T}`, group: 'e' }])).rejects.toThrow(OOM)
      await expect(sendGrouped(stage, now, [{ id: `e2@${T}`, group: 'e', dedup: 'y' }])).rejects.toThrow(OOM)
    }
    expect(await stage.everything()).toEqual(before)
  })

  test('what comes from another queue is refused as sends are, and waits there', async () => {
    const record = dead('queue', 'rejected why', { group: 'e' })
    const before = await stage.everything()
    for (const now of [T, later]) {
      await expect(arrive(stage, now, { number: 5, id: `e1@${T}`, record })).rejects.toThrow(OOM)
      const follow = { number: 5, kind: 'f' as const, id: `e1@${T}`, record: 'ae\n0 0\ntbody', dedup: 'x' }
      await expect(arrive(stage, now, follow)).rejects.toThrow(OOM)
    }
    expect(await stage.everything()).toEqual(before)
  })

  const goesOn: Record<string, () => Promise<unknown>> = {
    complete: () => completeGrouped(stage, T, a1),
    'complete and receive': () => workGrouped(stage, T, [a1, a2], { max: 1 }),
    'receive, all': () => receiveGrouped(stage, T, { max: 10, visibility: 5 }),
    'receive, messages that came back': () => receiveGrouped(stage, T + 10_000, { max: 10 }),
    'receive, dead letters': async () => {
      await stage.call('configure', T, 2, 'maxReceives 1')
      return receiveGrouped(stage, T + 10_000, { max: 10 })
    },
    'receive, nothing, and wait': async () => {
      await receiveGrouped(stage, T, { max: 10 })
      return receiveGrouped(stage, T, { max: 10, wait: 1_000 })
    },
    'receive, a sweep': () => receiveGrouped(stage, T + 1_000_000, { max: 10 }),
    'no receive, but a sweep of nothing': async () => {
      await stage.redis.hdel(stage.keys.meta, 'sweptTo')
      await receiveGrouped(stage, T, { max: 0 })
    },
    'receive, a named attempt again': async () => {
      await receiveGrouped(stage, T, { max: 10, client: '!x', attempt: 1, again: true })
      return receiveGrouped(stage, T, { max: 10, client: '!x', attempt: 1, again: true })
    },
    'receive, a repeat': async () => {
      await receiveGrouped(stage, T, { max: 10, client: 'x', attempt: 1 })
      return receiveGrouped(stage, T, { max: 10, client: 'x', attempt: 1, again: true })
    },
    extend: () => extend(stage, T, { ...a1, visibility: 0, received: T }),
    release: () => release(stage, T, { ...a1, how: 'failed', reason: 'no luck' }, a2),
    reject: () => release(stage, T, { ...a1, how: 'rejected', reason: 'no luck' }),
    stats: () => stage.call('stats', T),
    nudge: () => stage.call('nudge', T),
    peek: () => stage.call('peek', T, 'grouped', '-inf', 0, 10),
    redrive: () => redrive(stage, T),
  }
  for (const [name, call] of Object.entries(goesOn)) {
    test(`${name} goes on`, async () => {
      await call()
      expect(await faults(stage.redis, stage.tag)).toEqual([])
    })
  }
})
