// The handler of the tests of isolation, in a thread: its messages say what it does.
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'

/** Holds up the whole thread. */
const nap = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
const asUsersHaveIt = () => import('boomerang-mq')
const kindOf = (value) => value.constructor.name

class Strange extends Error {
  name = 'Strange'
  code = 'Strange'
  detail = { at: new Date(0) }
  odd = () => {}
}

const deeds = {
  return: ({ body }) => body.with,
  thread: () => threadId,
  tell: (message, { fence }) => ({ ...message, given: fence }),
  kinds: ({ body }) => {
    const { date, big, bytes, list } = body.with
    return [kindOf(date), typeof big, kindOf(bytes), ...list.map(kindOf), bytes.toString()]
  },
  throw: () => {
    throw new Strange('no luck', { cause: new TypeError('no sense') })
  },
  throwText: () => {
    throw 'no luck'
  },
  reject: async () => {
    const { Reject } = await asUsersHaveIt()
    throw new Reject('no use')
  },
  follow: async ({ body }) => {
    const { Complete } = await asUsersHaveIt()
    return new Complete('done', { send: [{ queue: body.with, body: 'next' }] })
  },
  function: () => nap,
  complete: (message) => message.complete(),
  block: ({ body }) => {
    writeFileSync(`${body.file}.begun`, 'begun')
    while (!existsSync(body.file)) nap()
  },
  forever: ({ body }) => {
    writeFileSync(body.file, 'begun')
    for (;;) nap()
  },
  foreverOnce: ({ body, deliveries }) => (deliveries === 1 ? deeds.forever({ body }) : 'in time'),
  heed: async ({ body }, { signal }) => {
    writeFileSync(body.file, 'begun')
    await sleep(600_000, undefined, { signal }).catch(() => {})
    writeFileSync(`${body.file}.reason`, `${threadId} ${signal.reason.code}`)
    throw signal.reason
  },
  exit: () => process.exit(3),
  uncaught: () =>
    new Promise(() => {
      setTimeout(() => {
        throw new RangeError('nobody is there')
      })
    }),
  later: () => {
    setTimeout(() => process.exit(4))
    return 'done'
  },
  memory: () => {
    const all = []
    for (;;) all.push(new Array(100_000).fill(all.length))
  },
}

export default (message, context) => deeds[message.body.do](message, context)
