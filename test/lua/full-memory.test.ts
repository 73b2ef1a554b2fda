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
import { faults } from './sound.ts'
import { Stage, T } from './stage.ts'

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

  test('of sends with a key one call may go through with what it tidies up; the next is refused', async () => {
    const later = T + 400_000
    await sendOnce(stage, later, { id: 'e', key: 'l' }).catch(() => {})
    await expect(sendOnce(stage, later, { id: 'f', key: 'm' })).rejects.toThrow(OOM)
    await expect(send(stage, later + 400_000, { id: 'g' })).rejects.toThrow(OOM)
    expect(await faults(stage.redis, stage.tag)).toEqual([])
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
    declare: () => stage.call('declare', T, 'update', 'visibility 9', '0', ''),
    register: () => stage.call('register', T, 'add', 'queue'),
    remove: () => stage.call('remove', T),
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
