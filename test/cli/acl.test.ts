// Users of a real Redis that may do one thing with a queue, by the rules that `boomerang acl` prints.
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Client, connect, type Queue } from '../../lib/index.ts'
import { redisUrl } from '../harness/stores.ts'
import { faultsOf, refusal } from '../semantics/world.ts'
import { aShell } from './shell.ts'

const shell = aShell()
let redis: Redis
const users: { name: string; client: Client }[] = []

beforeEach(() => {
  redis = new Redis(redisUrl())
})

afterEach(async () => {
  for (const { name, client } of users.splice(0)) {
    await client.close()
    await redis.call('ACL', 'DELUSER', name)
  }
  redis.disconnect()
})

/** A client of a user who has the rule. */
async function user(...args: string[]): Promise<Client> {
  const { code, out } = await shell.run('acl', ...args)
  expect(code).toBe(0)
  const name = `user-${shell.namespace}-${users.length}`
  await redis.call('ACL', 'SETUSER', name, 'on', '>secret', ...out.split(' '))
  const url = new URL(redisUrl())
  url.username = name
  url.password = 'secret'
  const client = await connect(url.href, { namespace: shell.namespace, deleteWindow: 0, purgeWindow: 0 })
  users.push({ name, client })
  return client
}

/** A queue that there is. */
async function made(name: string, options = {}): Promise<Queue> {
  const queue = shell.client.queue(name, options) as Queue
  await queue.stats()
  return queue
}

async function isRefused(call: Promise<unknown>): Promise<void> {
  expect(await refusal(call)).toMatchObject({
    code: 'RedisFailure',
    message: expect.stringMatching(REFUSED),
  })
}

/** What Redis says to a script, or to its caller, that may not do something. */
const REFUSED = /NOPERM|The user executing the script|permission/

const dead = { deadLetter: { queue: 'q-dead', maxReceives: 1 } }
const kinds: [kind: string, name: string, options: object, send: object][] = [
  ['a standard queue', 'q', {}, {}],
  ['a standard queue with groups', 'q', {}, { group: 'g' }],
  ['a FIFO queue', 'q.fifo', { contentBasedDeduplication: true }, { group: 'g' }],
]

describe.each(kinds)('%s', (_, name, options, send) => {
  test('a producer sends and awaits results, and receives nothing', async () => {
    const queue = await made(name, options)
    await queue.send('first', send)
    const client = await user(name, '--producer')
    const own = client.queue(name) as Queue
    const { id } = await own.send('second', { ...send, idempotencyKey: 'k' })
    const told = await own.sendMany([
      { body: 'third', ...send },
      { body: 'fourth', ...send, delay: 0 },
    ])
    expect(told.map((one) => 'error' in one)).toEqual([false, false])
    expect(await own.send('second', { ...send, idempotencyKey: 'k' })).toMatchObject({ id, duplicate: true })
    for (const call of [
      () => own.receive({ max: 10 }),
      () => own.receive({ max: 10, wait: '1s' }),
      () => own.peek(),
      () => own.purge(),
      () => own.pause(),
      () => own.configure({ visibility: '1m' }),
      () => own.deadLetters.redrive(),
      () => own.deadLetters.remove(),
      () => client.queues.remove(name),
      () => client.queues.create('other'),
    ]) {
      await isRefused(call())
      expect(await faultsOf(queue)).toEqual([])
    }
    const received = []
    for (let i = 0; i < 4 && received.length < 4; i++) received.push(...(await queue.receive({ max: 10 })))
    expect(received.map(({ body }) => body).sort()).toEqual(['first', 'fourth', 'second', 'third'])
    const result = own.result(id as string, { timeout: '10s' })
    for (const message of received) await message.complete(`done ${message.body}`)
    expect(await result).toBe('done second')
    // With messages in flight whose deadline has passed, too.
    await queue.send('fifth', send)
    const [fifth] = await queue.receive({ visibility: 1 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    await isRefused(own.receive({ max: 10 }))
    expect(await faultsOf(queue)).toEqual([])
    const [again] = await queue.receive({ max: 10 })
    expect(again).toMatchObject({ id: fifth?.id, deliveries: 2 })
    await isRefused(own.delivery(again?.receipt as string).release())
    await isRefused(own.delivery(again?.receipt as string).complete())
    await isRefused(own.delivery(again?.receipt as string).reject('no'))
    await isRefused(own.delivery(again?.receipt as string).extend('1m'))
    expect(await queue.stats()).toMatchObject({ inFlight: 1 })
    await again?.complete()
  })

  test('a consumer receives, waits, and ends what it has, and sends nothing', async () => {
    const queue = await made(name, options)
    for (const body of ['one', 'two', 'three', 'four']) await queue.send(body, send)
    const client = await user(name, '--consumer')
    const own = client.queue(name) as Queue
    const [first] = await own.receive()
    await first?.extend('1m')
    await first?.complete('result')
    expect(await queue.result(first?.id as string, { timeout: 0 })).toBe('result')
    const [second] = await own.receive()
    await second?.release()
    const [again] = await own.receive({ max: 1 })
    await again?.reject('no use')
    expect(await own.stats()).toMatchObject({ dead: 1, inFlight: 0 })
    const rest = [...(await own.receive({ max: 10 })), ...(await own.receive({ max: 10 }))]
    expect(rest.length).toBe(2)
    await Promise.all(rest.map((message) => message.delete()))
    for (const call of [
      () => own.send('x', send),
      () => own.send('x', { ...send, idempotencyKey: 'k' }),
      () => own.purge(),
      () => own.configure({ visibility: '1m' }),
      () => own.deadLetters.redrive(),
      () => own.deadLetters.remove(),
      () => client.queues.remove(name),
    ]) {
      await isRefused(call())
      expect(await faultsOf(queue)).toEqual([])
    }
    const waiting = own.receive({ wait: '10s' })
    await queue.send('late', send)
    expect((await waiting).map(({ body }) => body)).toEqual(['late'])
  })

  test('an admin does all that there is to do with it', async () => {
    const client = await user(name, '--admin')
    const own = client.queue(name, options) as Queue
    await own.send('one', send)
    await own.send('two', send)
    const [first] = await own.receive()
    await first?.reject('no')
    expect(await own.deadLetters.redrive()).toMatchObject({ redriven: 1 })
    await own.configure({ visibility: '1m' })
    await own.pause()
    await own.resume()
    await client.queues.tag(name, { team: 'sea' })
    expect(await own.purge()).toBe(2)
    expect((await client.queues.list()).names).toEqual([name])
    await isRefused((client.queue('other') as Queue).stats())
    expect(await client.queues.remove(name)).toBe(true)
  })
})

test('nobody reaches another queue, or another namespace', async () => {
  await made('q')
  await made('q2')
  for (const role of ['--producer', '--consumer', '--admin']) {
    const client = await user('q', role)
    await isRefused((client.queue('q2') as Queue).send('x'))
    await isRefused((client.queue('q2') as Queue).stats())
  }
})

test('a consumer hands dead letters on to the queue that is named by --to, and to no other', async () => {
  const letters = await made('q-dead')
  const queue = await made('q', dead)
  await queue.send('one')
  await queue.send('two')
  const client = await user('q', '--consumer', '--to', 'q-dead')
  const [first] = await (client.queue('q') as Queue).receive()
  await first?.reject('no use')
  const [arrived] = await letters.receive({ wait: '15s' })
  expect(arrived).toMatchObject({ id: first?.id, deadLetter: { source: 'q', error: 'no use' } })
  const without = await user('q', '--consumer')
  const failed = new Promise((resolve) => without.once('error', resolve))
  const [second] = await (without.queue('q') as Queue).receive()
  await second?.reject('no use')
  expect(String(await failed)).toMatch(REFUSED)
  expect(await letters.stats()).toMatchObject({ ready: 0 })
  expect(await queue.stats()).toMatchObject({ moving: 1 })
  await letters.send('other')
  await isRefused((client.queue('q-dead') as Queue).receive())
})

test.each([[[]], [['--producer', '--admin']]])('a role is asked for: %j', async (roles) => {
  expect(await shell.run('acl', 'q', ...roles)).toMatchObject({
    code: 1,
    errors: 'boomerang: give one of --producer, --consumer and --admin',
  })
})

test.each(['--producer', '--consumer', '--admin'])('--fsync allows %s to wait for the disk', async (role) => {
  const words = async (...args: string[]) => (await shell.run('acl', 'q', role, ...args)).out.trim().split(' ')
  expect(await words('--fsync')).toContain('+waitaof')
  expect(await words()).not.toContain('+waitaof')
})

test('--json prints the words', async () => {
  const { out } = await shell.run('acl', 'q', '--admin', '--json')
  expect(JSON.parse(out)).toMatchObject({
    queue: 'q',
    role: 'admin',
    rule: expect.arrayContaining(['-@all', '+evalsha']),
  })
})
