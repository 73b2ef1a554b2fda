// A level is believed only from the connection that wrote: replies that are lost, connections that break, servers that change.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Client, connect, type Queue } from '../../lib/index.ts'
import { type NetworkProxy, startProxy } from '../harness/proxy.ts'
import { type Replicated, startReplicated } from '../harness/replicated.ts'
import { valkeyBinary } from '../harness/server-binary.ts'

let servers: Replicated
let proxy: NetworkProxy
let client: Client
/** Past the proxy. */
let direct: Client
let count = 0

beforeAll(async () => {
  // Valkey, where there is one, counts only what a connection has written itself.
  const binary = valkeyBinary()
  servers = await startReplicated(1, { ...(binary && { binary }) })
  proxy = await startProxy(servers.master.url)
  client = await connect(proxy.url)
  direct = await connect(servers.master.url)
})
afterEach(async () => {
  proxy.loseReplies = false
  await servers.replicas[0]?.kill('SIGCONT')
})
afterAll(async () => {
  await client.close()
  await direct.close()
  await proxy.stop()
  await servers.stop()
})

const queue = (): Queue => client.queue(`queue${++count}`, { durability: { replicas: 1 } })
const ready = async (one: Queue) => (await direct.queue(one.name).stats()).ready

test('the reply of the wait is lost with its connection: the send goes again, stores nothing, and is confirmed anew', async () => {
  const one = queue()
  // Else the answer that is lost would be that the server does not know the script yet.
  await one.send('before', { idempotencyKey: 'before' })
  await one.send('before')
  proxy.loseReplies = true
  const sent = Promise.all([one.send('x'), one.send('y', { idempotencyKey: 'y' }), one.sendMany([{ body: 'z' }])])
  sent.catch(() => {})
  // The third goes behind the first two, which have no answer yet.
  await expect.poll(() => ready(one)).toBe(4)
  proxy.loseReplies = false
  proxy.cut()
  const [x, y, [z]] = await sent
  for (const answer of [x, y, z]) expect(answer).toEqual({ id: expect.any(String) })
  expect(await ready(one)).toBe(5)
})

test('the connection breaks between script and wait: the repeat is not answered before the replica has it', async () => {
  const one = queue()
  await one.send('before')
  await servers.replicas[0]?.kill('SIGSTOP')
  let answered = false
  const sent = one.send('x', { timeout: '20s' }).then((answer) => {
    answered = true
    return answer
  })
  await expect.poll(() => ready(one)).toBe(2)
  proxy.cut()
  // A repeat on a connection of its own that has written nothing: it is there, and waits.
  await expect.poll(async () => String(await servers.observer.client('LIST')).includes('cmd=wait')).toBe(true)
  expect(answered).toBe(false)
  await servers.replicas[0]?.kill('SIGCONT')
  expect(await sent).toEqual({ id: expect.any(String) })
  expect(await ready(one)).toBe(2)
})

test('a completion likewise', async () => {
  const one = queue()
  await one.send('x')
  const [message] = await one.receive()
  await servers.replicas[0]?.kill('SIGSTOP')
  const done = message?.complete().then(() => 'done')
  await expect.poll(async () => (await direct.queue(one.name).stats()).inFlight).toBe(0)
  proxy.cut()
  const race = await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))])
  expect(race).toBe('waits')
  await servers.replicas[0]?.kill('SIGCONT')
  expect(await done).toBe('done')
})

test('a half-open connection is replaced, and the send is answered on the next one', async () => {
  const one = queue()
  await one.send('before')
  proxy.pause()
  const sent = one.send('x', { timeout: '25s' })
  await new Promise((resolve) => setTimeout(resolve, 100)) // on its way into the pause
  const [old] = [proxy.connections]
  expect(old).toBeGreaterThan(0)
  // Those that are there stay silent; new ones answer.
  proxy.silence()
  proxy.resume()
  expect(await sent).toEqual({ id: expect.any(String) })
  expect(await ready(one)).toBe(2)
})

test('many cuts while many send: each answered message is there once', async () => {
  const one = queue()
  await one.send('before')
  let running = true
  const ids = new Set<string>()
  const producers = Array.from({ length: 10 }, async () => {
    while (running) ids.add((await one.send('x', { timeout: '20s' })).id as string)
  })
  for (let cut = 0; cut < 10; cut++) {
    const before = ids.size
    await expect.poll(() => ids.size).toBeGreaterThan(before + 20)
    proxy.cut()
  }
  running = false
  await Promise.all(producers)
  expect(await ready(one)).toBe(ids.size + 1)
})

test('scripts that the server has forgotten are told again, and so is the touch', async () => {
  const one = queue()
  await one.send('x')
  await servers.observer.script('FLUSH')
  expect(await one.send('y')).toEqual({ id: expect.any(String) })
  expect(await ready(one)).toBe(2)
})

test('a server that stands still for a moment: the send is answered afterwards', async () => {
  const one = queue()
  await one.send('x')
  await servers.master.kill('SIGSTOP')
  const sent = one.send('y', { timeout: '20s' })
  await new Promise((resolve) => setTimeout(resolve, 500)) // what is tested is that time passes
  await servers.master.kill('SIGCONT')
  expect(await sent).toEqual({ id: expect.any(String) })
})

test('a master that becomes a replica answers nothing as durable', async () => {
  const one = queue()
  await one.send('x')
  const { port, host } = servers.replicas[0] as { port: number; host: string }
  await servers.replicas[0]?.kill('SIGSTOP')
  const sent = one.send('y', { timeout: 1_500 })
  sent.catch(() => {})
  await expect.poll(() => ready(one)).toBe(2)
  await servers.observer.replicaof(host, port)
  await expect(sent).rejects.toMatchObject({ code: 'NotDurable' })
  await servers.observer.replicaof('NO', 'ONE')
  await servers.replicas[0]?.kill('SIGCONT')
  expect(await one.send('z', { timeout: '20s' })).toEqual({ id: expect.any(String) })
})
