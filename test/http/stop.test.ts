// How a server stops: what runs is answered, what waits is answered at once, and nothing is accepted any more.
import { expect, test } from 'vitest'
import { listening } from './listening.ts'
import { post, raw } from './raw.ts'

const waiting = post('').replace('POST /', 'POST /wait')

test('a client that hangs up ends what waits for it', async () => {
  await using server = await listening()
  const client = await raw(server.port)
  client.say(waiting)
  await server.arrived.opened
  client.hangUp()
  await server.ended.opened
})

test('what was done for a client that has hung up is undone', async () => {
  await using server = await listening()
  const client = await raw(server.port)
  client.say(waiting.replace('/wait', '/wait-long'))
  await server.arrived.opened
  client.hangUp()
  expect(await server.undone.opened).toBe('undone')
})

test('a stop answers what waits, closes connections at rest, and takes no new ones', async () => {
  const server = await listening()
  using resting = await raw(server.port)
  await resting.say(post('')).answer()
  using silent = await raw(server.port)
  using client = await raw(server.port)
  client.say(waiting)
  await server.arrived.opened
  const stopped = server.listener.stop(10_000)
  expect(await client.answer()).toMatchObject({ status: 200, body: 'ended', headers: { connection: 'close' } })
  await stopped
  expect(await client.closed()).toBe('')
  expect(await resting.closed()).toBe('')
  expect(await silent.closed()).toBe('')
  await expect(raw(server.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('a request that is still being sent when the stop comes is served', async () => {
  const server = await listening()
  using client = await raw(server.port)
  client.say(post('hello', ['Expect: 100-continue']).replace('hello', ''))
  expect(await client.answer()).toMatchObject({ status: 100 })
  const stopped = server.listener.stop(10_000)
  expect(await client.say('hello').answer()).toMatchObject({ body: '/? 5', headers: { connection: 'close' } })
  await stopped
})

test('past the grace, connections are cut, and what they were to be told is undone', async () => {
  const server = await listening()
  using client = await raw(server.port)
  client.socket.pause()
  client.say(post('').replace('POST /', 'POST /large?100000000'))
  await server.arrived.opened
  await server.listener.stop(50)
  expect(await server.undone.opened).toBe('undone')
})
