// The parts of the command that need no process.
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { confirm } from '../../lib/cli/confirm.ts'
import { duration, inWords } from '../../lib/cli/duration.ts'
import { level } from '../../lib/cli/level.ts'
import { count, oneLine, toJson } from '../../lib/cli/output.ts'
import { redacted, where } from '../../lib/cli/where.ts'
import type { Durability } from '../../lib/index.ts'

describe('where the queues are', () => {
  test('is a URL as it stands', () => {
    expect(where('redis://host:1')).toBe('redis://host:1')
    expect(where('memory:')).toBe('memory:')
  })

  test('is a cluster where there are several, or where that is said', () => {
    const nodes = [
      { host: 'a', port: 7000 },
      { host: 'b', port: 6379 },
    ]
    expect(where('redis://a:7000, b')).toEqual({ nodes })
    const secured = { nodes: [nodes[0]], username: 'me', password: 'p@ss', tls: {} }
    expect(where('rediss://me:p%40ss@a:7000', { cluster: true })).toEqual(secured)
  })

  test('is a group that sentinels watch', () => {
    const sentinels = [
      { host: 'a', port: 26_379 },
      { host: 'b', port: 5000 },
    ]
    const group = { sentinels, name: 'shop', password: 'secret' }
    expect(where('redis://:secret@a,redis://b:5000', { sentinel: 'shop' })).toEqual(group)
  })
})

test.each<[string, Durability]>([
  ['memory', 'memory'],
  ['fsync', 'fsync'],
  ['replicas:2', { fsync: false, replicas: 2 }],
  ['fsync+replicas:1', { fsync: true, replicas: 1 }],
])('the level %s is read', (text, durability) => {
  expect(level(text)).toEqual(durability)
})

test.each(['', 'disk', 'replicas', 'replicas:', 'memory+replicas:1'])('the level %j is refused', (text) => {
  expect(() => level(text)).toThrow('Expected memory, fsync, replicas:n or fsync+replicas:n.')
})

test.each([
  ['redis://:secret@host', 'redis://:***@host'],
  [
    'cannot reach redis://me:s:e@cret@host:1, redis://you:secret@b',
    'cannot reach redis://me:***@host:1, redis://you:***@b',
  ],
  ['redis://host?password=secret&db=1', 'redis://host?password=***&db=1'],
  ['redis://host:6379/0 and me@example.com', 'redis://host:6379/0 and me@example.com'],
])('the password in %s is not shown', (text, shown) => {
  expect(redacted(text)).toBe(shown)
})

describe('a question', () => {
  const ask = (answer: string) => {
    const input = Object.assign(new PassThrough(), { isTTY: true })
    const output = new PassThrough()
    input.end(answer)
    return { settled: confirm({}, 'remove 2 messages', { input, output }), asked: () => String(output.read()) }
  }

  test.each(['y\n', ' YES \n'])('is answered with %j', async (answer) => {
    const { settled, asked } = ask(answer)
    await settled
    expect(asked()).toBe('This will remove 2 messages. Go on? [y/N] ')
  })

  test.each(['\n', 'n\n', 'yesterday\n', ''])('is not agreed to with %j', async (answer) => {
    await expect(ask(answer).settled).rejects.toThrow('nothing was removed')
  })

  test('is not asked where it was answered before', async () => {
    await confirm({ yes: true }, 'remove 2 messages', { input: new PassThrough(), output: new PassThrough() })
  })
})

test('durations are read and said', () => {
  expect(['500ms', '1.5s', '2m', '1h', '1d'].map(duration)).toEqual([500, 1_500, 120_000, 3_600_000, 86_400_000])
  expect([12, 1_540, 42_000, 90_000, 7_200_000, 172_800_000].map(inWords)).toEqual([
    '12 ms',
    '1.5 s',
    '42 s',
    '1.5 min',
    '2 h',
    '2 d',
  ])
})

test('what is shown of a body steers no terminal and fits its line', () => {
  expect(oneLine('a\u001b[2J\nb')).toBe('a [2J b')
  expect(oneLine({ a: 1n, b: new Uint8Array(2) }, 20)).toBe('{"a":"1","b":{"base…')
  expect(oneLine(new Uint8Array(3))).toBe('<3 bytes>')
  expect(toJson({ at: new Date(0), bytes: Buffer.from('x') })).toBe(
    '{"at":"1970-01-01T00:00:00.000Z","bytes":{"base64":"eA=="}}',
  )
  expect([count(1, 'message'), count(2_000, 'message')]).toEqual(['1 message', '2,000 messages'])
})
