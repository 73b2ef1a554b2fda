// Attributes as users give them, as they are stored, and back.
import { describe, expect, test } from 'vitest'
import { arnOf, queueNamed } from '../../lib/arn.ts'
import { changed, DEFAULTS, partitionFields, storedOf, toFields } from '../../lib/attribute-fields.ts'
import { checkTogether } from '../../lib/attribute-rules.ts'
import { type Attributes, toStored } from '../../lib/attributes.ts'

const stored = (given: unknown, queue = 'q') => toStored(given as Attributes, { namespace: 'team', queue })
const code = (call: () => unknown): unknown => {
  try {
    call()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'taken'
}

describe('attributes become', () => {
  const rows: [string, Attributes, object, string?][] = [
    ['nothing where none is given', {}, {}],
    [
      'milliseconds',
      { visibility: '1m', retention: '1d', wait: 5 },
      { visibility: 60_000, retention: 86_400_000, wait: 5 },
    ],
    ['counts', { deadLetter: { maxReceives: 3 }, maxInFlight: 7 }, { maxReceives: 3, maxInFlight: 7 }],
    ['nothing of an empty deadLetter', { deadLetter: {} }, {}],
    ['the name of a dead-letter queue', { deadLetter: { queue: 'dead' } }, { deadLetterQueue: 'dead' }],
    ['its name from an ARN', { deadLetter: { queue: 'arn:aws:sqs:x:team:dead' } }, { deadLetterQueue: 'dead' }],
    ['no dead-letter queue', { deadLetter: { queue: null } }, { deadLetterQueue: null }],
    ['neither queue nor count', { deadLetter: null }, { deadLetterQueue: null, maxReceives: null }],
    ['names in order, each once', { redriveAllow: ['b', 'arn:aws:sqs:x:team:a', 'b'] }, { redriveAllow: ['a', 'b'] }],
    ['no policy', { policy: '' }, { policy: null }],
    ['a key, and not SQS', { encryption: { kmsMasterKeyId: 'k' } }, { kmsMasterKeyId: 'k', sqsManagedSse: false }],
    ['SQS, and no key', { encryption: { sqsManaged: true } }, { kmsMasterKeyId: null, sqsManagedSse: true }],
    ['thousandths', { noisy: { inFlight: 5, share: 0.25 } }, { noisyInFlight: 5, noisyShare: 250 }],
    ['a FIFO queue by its name', {}, { fifo: true }, 'q.fifo'],
    [
      'what only FIFO queues have',
      { contentBasedDeduplication: true },
      { fifo: true, contentBasedDeduplication: true },
      'q.fifo',
    ],
  ]
  test.each(rows)('%s', (_, given, expected, queue) => expect(stored(given, queue)).toEqual(expected))
})

describe('attributes are refused', () => {
  const rows: [string, string, unknown, string?][] = [
    ['a retention that is too short', 'InvalidDuration', { retention: '30s' }],
    ['a wait that is too long', 'InvalidDuration', { wait: '21s' }],
    ['no receives', 'InvalidOption', { deadLetter: { maxReceives: 0 } }],
    ['another name', 'UnknownOption', { deadLetter: { name: 'x' } }],
    ['a dead-letter queue of no name', 'InvalidName', { deadLetter: { queue: 'a b' } }],
    ['a dead-letter queue of another namespace', 'InvalidName', { deadLetter: { queue: 'arn:aws:sqs:x:other:dead' } }],
    ['an ARN of something else', 'InvalidName', { deadLetter: { queue: 'arn:aws:sns:x:team:dead' } }],
    ['the queue itself', 'InvalidOption', { deadLetter: { queue: 'q' } }],
    ['a dead-letter queue of the other type', 'WrongQueueType', { deadLetter: { queue: 'dead.fifo' } }],
    ['the same on a FIFO queue', 'WrongQueueType', { deadLetter: { queue: 'dead' } }, 'q.fifo'],
    ['another word for whom', 'InvalidOption', { redriveAllow: 'some' }],
    ['an empty list', 'InvalidOption', { redriveAllow: [] }],
    ['too many names', 'InvalidOption', { redriveAllow: [...'abcdefghijk'] }],
    ['a policy that is no JSON', 'InvalidOption', { policy: '{' }],
    ['a policy that is no text', 'InvalidOption', { policy: {} }],
    ['a policy that is too long', 'InvalidOption', { policy: `"${'x'.repeat(8191)}"` }],
    ['both encryptions', 'InvalidOption', { encryption: { kmsMasterKeyId: 'k', sqsManaged: true } }],
    ['a period that is too short', 'InvalidDuration', { encryption: { kmsDataKeyReusePeriod: '59s' } }],
    ['an encryption that there is not', 'UnknownOption', { encryption: { kms: 'k' } }],
    ['FIFO attributes of a standard queue', 'WrongQueueType', { contentBasedDeduplication: false }],
    ['a scope of a standard queue', 'WrongQueueType', { deduplicationScope: 'queue' }],
    ['a limit of a standard queue', 'WrongQueueType', { fifoThroughputLimit: 'perQueue' }],
    ['noisy groups of a FIFO queue', 'WrongQueueType', { noisy: {} }, 'q.fifo'],
    ['another scope', 'InvalidOption', { deduplicationScope: 'group' }, 'q.fifo'],
    ['a share of more than all', 'InvalidOption', { noisy: { share: 1.1 } }],
    ['a share of nothing', 'InvalidOption', { noisy: { share: 0 } }],
    ['nothing in flight', 'InvalidOption', { maxInFlight: 0 }],
    ['a FIFO queue of another name', 'InvalidOption', { fifo: true }],
    ['a standard queue of a FIFO name', 'InvalidOption', { fifo: false }, 'q.fifo'],
  ]
  test.each(rows)('%s: %s', (_, expected, given, queue) => expect(code(() => stored(given, queue))).toBe(expected))
})

describe('attributes together', () => {
  const fifo = { fifo: true, deduplicationScope: 'messageGroup' } as const
  const rows: [string, string, Partial<typeof DEFAULTS>, number][] = [
    ['the defaults', 'taken', {}, 3],
    ['a delay up to the retention', 'taken', { delay: 60_000, retention: 60_000 }, 1],
    ['a delay beyond it', 'InvalidOption', { delay: 60_001, retention: 60_000 }, 1],
    ['a FIFO queue of one partition', 'taken', { fifo: true }, 1],
    ['a FIFO queue of two', 'InvalidOption', { fifo: true }, 2],
    ['of two by group', 'taken', fifo, 2],
    ['a limit by group', 'taken', { ...fifo, fifoThroughputLimit: 'perMessageGroupId' }, 2],
    [
      'the same with a scope of the queue',
      'InvalidOption',
      { fifo: true, fifoThroughputLimit: 'perMessageGroupId' },
      1,
    ],
  ]
  test.each(rows)('%s: %s', (_, expected, given, partitions) => {
    expect(code(() => checkTogether('q', { ...DEFAULTS, ...given }, partitions))).toBe(expected)
  })
})

describe('fields', () => {
  test('are names and values', () => {
    expect(toFields({ visibility: 60_000, maxReceives: 3 })).toBe('visibility 60000 maxReceives 3')
  })

  test('of nothing are removed', () => {
    expect(toFields({ policy: null, deadLetterQueue: null })).toBe('deadLetterQueue - policy -')
  })

  test('come back as they were', () => {
    const changes = {
      policy: '{"a": "ä – b"}',
      kmsMasterKeyId: '-',
      redriveAllow: ['a', 'b.fifo'],
      sqsManagedSse: false,
      contentBasedDeduplication: true,
      deduplicationScope: 'messageGroup' as const,
      delay: 5,
    }
    const parts = toFields(changes).split(' ')
    const fields = Object.fromEntries(Array.from({ length: parts.length / 2 }, (_, i) => parts.slice(2 * i, 2 * i + 2)))
    expect(storedOf(fields)).toEqual({ ...DEFAULTS, ...changes })
  })

  test('that are removed go back to their defaults', () => {
    expect(changed({ ...DEFAULTS, policy: '{}', delay: 5 }, { policy: null })).toEqual({ ...DEFAULTS, delay: 5 })
  })

  test('of a partition are what scripts use, and its share of what may be in flight', () => {
    const fields = partitionFields({ ...DEFAULTS, fifo: true, policy: '{}', maxInFlight: 10 }, 3)
    for (const one of [
      'visibility 30000',
      'fifo 1',
      'contentBasedDeduplication -',
      'deadLetterQueue -',
      'maxInFlight 4',
    ])
      expect(` ${fields} `).toContain(` ${one} `)
    expect(fields).not.toContain('policy')
  })
})

describe('an ARN', () => {
  test('names a queue of the namespace', () => {
    expect(arnOf('us-east-1', 'team', 'q.fifo')).toBe('arn:aws:sqs:us-east-1:team:q.fifo')
    expect(queueNamed(arnOf('us-east-1', 'team', 'q.fifo'), 'team')).toBe('q.fifo')
    expect(queueNamed('q', 'team')).toBe('q')
  })
})
