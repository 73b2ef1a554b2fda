// What a person, or a script, does with queues from a shell.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { clusterNodes } from '../harness/stores.ts'
import { temporaryDirectory } from '../harness/temporary.ts'
import { aShell } from './shell.ts'

const shell = aShell()
const json = (text: string) => text.split('\n').map((line) => JSON.parse(line))
const bodies = async (queue: string) => (await shell.client.queue(queue).peek()).messages.map(({ body }) => body)

describe('send', () => {
  test('takes text, and JSON where the body begins like an object or a list', async () => {
    const sent = await shell.run('send', 'q', 'good morning')
    expect(sent).toMatchObject({ code: 0, out: expect.stringMatching(/^sent [0-9a-f-]{36}$/) })
    await shell.run('send', 'q', '{"a": [1]}')
    await shell.run('send', 'q', '42')
    await shell.run('send', 'q', '42', '--json-value')
    await shell.run('send', 'q', '{"a": [1]}', '--text')
    expect(await bodies('q')).toEqual(['good morning', { a: [1] }, '42', 42, '{"a": [1]}'])
  })

  test('refuses a body that is almost JSON, and sends nothing', async () => {
    const refused = await shell.run('send', 'q', '{"a": }')
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.errors).toMatch(/^boomerang: the body is not JSON: .*--text/)
    expect((await shell.client.queues.list()).names).toEqual([])
  })

  test('with a key says what became of the first one', async () => {
    const [first] = json((await shell.run('send', 'q', 'x', '--key', 'k', '--json')).out)
    const again = await shell.run('send', 'q', 'x', '--key', 'k')
    expect(again.out).toBe(`duplicate of ${first.id}, which is pending`)
    const [message] = await shell.client.queue('q').receive()
    await message?.complete({ ok: true })
    const [done] = json((await shell.run('send', 'q', 'x', '--key', 'k', '--json')).out)
    expect(done).toEqual({ id: first.id, duplicate: true, result: { ok: true } })
  })

  test('with a delay, and again by its id', async () => {
    const [{ id }] = json((await shell.run('send', 'q', 'later', '--delay', '1h', '--json')).out)
    const again = await shell.run('send', 'q', 'later', '--id', id)
    expect(again.code).toBe(0)
    expect(await shell.client.queue('q').stats()).toMatchObject({ ready: 0, delayed: 1 })
  })

  test('takes the bytes of a file', async () => {
    using folder = temporaryDirectory()
    const path = join(folder.path, 'page.png')
    writeFileSync(path, Buffer.from([0, 255, 10]))
    await shell.run('send', 'q', '--file', path)
    const [message] = await shell.client.queue('q').receive()
    expect(message?.body).toEqual(Buffer.from([0, 255, 10]))
    const [{ messages }] = json((await shell.run('peek', 'q', '--state', 'in-flight', '--json')).out)
    expect(messages).toMatchObject([{ body: { base64: 'AP8K' }, deliveries: 1 }])
  })

  test('takes a message from each line, and says which lines were refused', async () => {
    const sent = await shell.runWith('one\n\n{"two": 2}\r\n{three\n', 'send', 'q')
    expect(sent).toMatchObject({ code: 1, out: 'sent 2 messages' })
    expect(sent.errors).toMatch(/^boomerang: line 4: the body is not JSON.*\nboomerang: 1 message refused$/)
    expect(await bodies('q')).toEqual(['one', { two: 2 }])
  })

  test('answers each line in JSON', async () => {
    const sent = await shell.runWith('one\n{two\n', 'send', 'q', '--json')
    expect(sent.code).toBe(1)
    const error = { message: expect.stringContaining('not JSON') }
    expect(json(sent.out)).toEqual([{ id: expect.any(String) }, { error }])
  })
})

describe('stats', () => {
  test('counts all queues, or those that are named', async () => {
    await shell.client.queue('a').send('x')
    await shell.client.queue('b').send('x', { delay: '1h' })
    await shell.client.queue('b').pause()
    const all = await shell.run('stats', '--json')
    expect(json(all.out)).toMatchObject([
      { queue: 'a', ready: 1, delayed: 0, inFlight: 0, dead: 0, paused: false, oldestAge: expect.any(Number) },
      { queue: 'b', ready: 0, delayed: 1, paused: true },
    ])
    const { out } = await shell.run('stats', 'b')
    expect(out).toMatch(/^queue +ready +delayed/)
    expect(out.split('\n')[1]).toMatch(/^b +0 +1 +0 +0 +- +0 +paused$/)
  })

  test('says that there is none', async () => {
    expect((await shell.run('stats')).out).toBe(`no queues in namespace '${shell.namespace}'`)
    expect((await shell.run('stats', '--json')).out).toBe('')
  })
})

test('the nodes of a cluster are given with commas between them', async () => {
  const urls = clusterNodes().map(({ host, port }) => `redis://${host}:${port}`)
  const on = (...args: string[]) => shell.run(...args, '--redis', urls.join(','), '--json')
  expect(await on('send', 'q', 'x')).toMatchObject({ code: 0, errors: '' })
  expect(json((await on('stats', 'q')).out)).toMatchObject([{ queue: 'q', ready: 1 }])
  expect(json((await on('configure', 'q')).out)).toMatchObject([{ partitions: 3 }])
  expect(await on('remove', 'q', '--yes')).toMatchObject({ code: 0 })
})

test('moves messages back to where they came from', async () => {
  await shell.client.queue('dead').stats()
  const queue = shell.client.queue('q', { deadLetter: { queue: 'dead', maxReceives: 1 } })
  await queue.send('x')
  const [message] = await queue.receive({ wait: '5s' })
  await message?.reject('why')
  await expect.poll(async () => (await shell.client.queue('dead').stats()).ready).toBe(1)
  expect((await shell.run('moves', 'start', 'dead', '--dry-run')).out).toBe('would move 1 message to q')
  expect((await shell.run('moves', 'start', 'dead')).out).toBe('completed: moved 1 message')
  expect((await shell.run('moves', 'list', 'dead')).out).toMatch(/completed +1 +1 +where they came from$/)
  expect((await shell.run('moves', 'cancel', 'dead')).out).toBe('no task runs')
  expect(await shell.run('moves', 'start', 'q')).toMatchObject({ code: 1 })
})

describe('a queue that does not exist', () => {
  test.each(['stats', 'peek', 'pause', 'resume', 'configure', 'redrive', 'purge', 'remove'])(
    'is not made by %s',
    async (verb) => {
      await shell.client.queue('there').stats()
      const refused = await shell.run(verb, 'their', '--json')
      expect(refused).toMatchObject({ code: 1, out: '' })
      expect(refused.errors).toBe(`boomerang: no queue 'their' in namespace '${shell.namespace}': there is there`)
      expect((await shell.client.queues.list()).names).toEqual(['there'])
    },
  )
})

describe('peek', () => {
  test('shows messages a page at a time', async () => {
    await shell.client.queue('q').sendMany([{ body: 'one\n\u001b[31m' }, { body: { two: 2 } }, { body: 'three' }])
    const { out } = await shell.run('peek', 'q', '--limit', '2')
    const lines = out.split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[1]).toMatch(/ago +0 +now +one \[31m$/)
    const cursor = lines[3]?.replace('more: --cursor ', '') ?? ''
    const [rest] = json((await shell.run('peek', 'q', '--cursor', cursor, '--json')).out)
    expect(rest.messages).toMatchObject([{ body: 'three', deliveries: 0 }])
    expect((await shell.client.queue('q').stats()).ready).toBe(3)
  })
})

describe('pause and resume', () => {
  test('stop and start the handing out', async () => {
    const queue = shell.client.queue('q')
    await queue.send('x')
    expect(json((await shell.run('pause', 'q', '--json')).out)).toEqual([{ queue: 'q', paused: true }])
    expect(await queue.receive()).toEqual([])
    expect((await shell.run('resume', 'q')).out).toBe('q goes on')
    expect(await queue.receive()).toHaveLength(1)
  })
})

describe('configure', () => {
  test('makes, changes and shows the attributes of a queue', async () => {
    await shell.run('configure', 'q', '--partitions', '2', '--visibility', '1m', '--max-receives', '3')
    const [changed] = json((await shell.run('configure', 'q', '--delay', '5s', '--json')).out)
    expect(changed).toMatchObject({ queue: 'q', partitions: 2, visibility: 60_000, maxReceives: 3, delay: 5_000 })
    const { out } = await shell.run('configure', 'q')
    expect(out).toMatch(/^visibility +1 min$/m)
    expect(out).toMatch(/^maxReceives +3$/m)
  })

  test('knows dead-letter queues and what FIFO queues have', async () => {
    await shell.run('configure', 'dead.fifo', '--redrive-allow', 'a.fifo,b.fifo', '--retention', '10d')
    const args = ['--dead-letter-queue', 'dead.fifo', '--content-based-deduplication', '--max-in-flight', '9']
    const scope = ['--deduplication-scope', 'messageGroup', '--partitions', '2']
    const { out } = await shell.run('configure', 'a.fifo', ...args, ...scope)
    for (const shown of [/^deadLetterQueue +dead.fifo$/m, /^contentBasedDeduplication +yes$/m, /^maxInFlight +9$/m])
      expect(out).toMatch(shown)
    const back = ['--dead-letter-queue', '', '--no-content-based-deduplication', '--wait', '5s', '--json']
    expect(json((await shell.run('configure', 'a.fifo', ...back)).out)).toMatchObject([
      { deadLetterQueue: '', contentBasedDeduplication: false, wait: 5_000, partitions: 2, fifo: true },
    ])
    expect((await shell.run('queues')).out).toMatch(/^a.fifo +FIFO\ndead.fifo +FIFO$/m)
    expect(await shell.run('configure', 'c.fifo', '--dead-letter-queue', 'dead.fifo')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('does not take dead letters of c.fifo'),
    })
  })

  test('changes the number of partitions by a command of its own', async () => {
    await shell.client.queue('q').stats()
    const refused = await shell.run('configure', 'q', '--partitions', '2')
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('boomerang repartition q 2') })
    expect(await shell.run('repartition', 'q', '2')).toMatchObject({ code: 0, out: 'q has 2 partitions' })
    await shell.client.queue('q').sendMany([{ body: 1 }, { body: 2 }])
    const { out } = await shell.run('repartition', 'q', '1', '--json')
    expect(JSON.parse(out)).toMatchObject({ queue: 'q', partitions: 1 })
  })
})

describe('purge and remove', () => {
  test.each(['purge', 'remove'])('%s needs --yes where there is nobody to ask', async (verb) => {
    await shell.client.queue('q').send('x')
    const refused = await shell.run(verb, 'q')
    expect(refused).toMatchObject({ code: 1, out: '', errors: expect.stringContaining('add --yes') })
    expect((await shell.client.queue('q').stats()).ready).toBe(1)
  })

  test('purge removes messages and leaves the queue', async () => {
    await shell.client.queue('q').sendMany([{ body: 1 }, { body: 2 }])
    expect(json((await shell.run('purge', 'q', '--yes', '--json')).out)).toEqual([{ queue: 'q', removed: 2 }])
    expect((await shell.run('queues')).out).toMatch(/^queue +type\nq +standard$/)
  })

  test('remove removes it all', async () => {
    await shell.client.queue('q').send('x')
    expect(await shell.run('remove', 'q', '--yes')).toMatchObject({ code: 0, out: 'removed q' })
    expect((await shell.run('queues', '--json')).out).toBe('[]')
  })
})

describe('dead letters', () => {
  async function bury(...names: string[]): Promise<string[]> {
    const queue = shell.client.queue('q')
    await queue.sendMany(names.map((body) => ({ body })))
    const messages = await queue.receive({ max: 10 })
    for (const message of messages) await message.reject(`no ${message.body}`)
    return messages.map(({ id }) => id)
  }

  test('are listed with their reasons', async () => {
    const [id] = await bury('tea', 'milk')
    const { out } = await shell.run('dead', 'list', 'q')
    expect(out).toMatch(/rejected +no tea +tea$/m)
    const [page] = json((await shell.run('dead', 'list', 'q', '--limit', '1', '--json')).out)
    expect(page.letters).toMatchObject([{ id, body: 'tea', reason: 'rejected', error: 'no tea', attempts: 1 }])
    expect(page.cursor).toEqual(expect.any(String))
  })

  test('are put back: one, then all', async () => {
    const [first = ''] = await bury('tea', 'milk', 'salt')
    expect((await shell.run('redrive', 'q', first)).out).toBe('put 1 message back into q')
    const all = await shell.run('dead', 'redrive', 'q', '--json')
    expect(json(all.out)).toEqual([{ queue: 'q', redriven: 2, duplicates: 0 }])
    expect(await shell.client.queue('q').stats()).toMatchObject({ ready: 3, dead: 0 })
  })

  test('are removed when that is wanted for sure', async () => {
    await bury('tea', 'milk')
    expect(await shell.run('dead', 'remove', 'q')).toMatchObject({ code: 1 })
    expect((await shell.run('dead', 'remove', 'q', '--limit', '1', '--yes')).out).toBe('removed 1 dead letter of q')
    expect(await shell.client.queue('q').deadLetters.count()).toBe(1)
  })
})
