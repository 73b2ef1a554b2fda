import { describe, expect, test } from 'vitest'
import type { Action } from '../../lib/http/actions/action.ts'
import { ACTIONS } from '../../lib/http/actions/index.ts'
import { addressOf, baseUrl, queueOfPath, readQueueUrl, writeQueueUrl } from '../../lib/http/queue-url.ts'
import { sqs } from '../../lib/index.ts'

const orders = { account: '123456789012', name: 'orders' }

describe('the URL of a queue', () => {
  test.each([
    'http://localhost:9324/123456789012/orders',
    'https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
    'HTTPS://queue.amazonaws.com/123456789012/orders/',
    'https://example.org/queues/v1/123456789012/orders',
    'http://[::1]:9324/123456789012/orders',
    '/123456789012/orders',
  ])('%s is read by its end', (url) => expect(readQueueUrl(url)).toEqual(orders))

  test('may be the bare name of a queue of the caller', () => {
    expect(readQueueUrl('orders.fifo')).toEqual({ account: '', name: 'orders.fifo' })
  })

  test('is read as it was written', () => {
    expect(readQueueUrl(writeQueueUrl('http://h/base', orders))).toEqual(orders)
  })

  test.each([
    '',
    '/',
    'http://localhost:9324',
    'http://localhost:9324/orders',
    '123456789012//orders',
    'http://h/123456789012/or ders',
    'http://h/123456789012/orders?x',
    'http://h/12%33/orders',
    'or.ders',
    '/'.repeat(1_000_000),
  ])('%.40s is none', (url) => {
    expect(() => readQueueUrl(url)).toThrow(/^The address .* is not valid for this endpoint\.$/)
    try {
      readQueueUrl(url)
    } catch (error) {
      expect(sqs.errorOf(error)).toMatchObject({ code: 'InvalidAddress', status: 404 })
    }
  })
})

describe('the base of URLs', () => {
  test.each([
    ['localhost:9324', 'https://localhost:9324'],
    ['[::1]:80', 'https://[::1]:80'],
    ['sqs.example.org', 'https://sqs.example.org'],
    ['', 'http://other'],
    ['evil/path', 'http://other'],
    ['a b', 'http://other'],
    ['user@host', 'http://other'],
  ])('of a request to the host %j is %s', (host, base) => {
    expect(baseUrl({ ip: '::1', scheme: 'https', host }, 'http://other')).toBe(base)
  })
})

describe('what a call asks for', () => {
  const { SendMessage, GetQueueUrl, ListQueues } = ACTIONS as Record<string, Action> &
    Record<'SendMessage' | 'GetQueueUrl' | 'ListQueues', Action>

  test('is the queue of its QueueUrl, else that of the path', () => {
    expect(addressOf(SendMessage, { QueueUrl: 'other' }, '/123456789012/orders')).toEqual({
      account: '',
      name: 'other',
    })
    expect(addressOf(SendMessage, {}, '/123456789012/orders')).toEqual(orders)
    expect(addressOf(SendMessage, {}, '/base/123456789012/orders', '/base')).toEqual(orders)
    expect(() => addressOf(SendMessage, {}, '/')).toThrow('QueueUrl')
  })

  test('is an account where it takes no QueueUrl', () => {
    expect(addressOf(ListQueues, {}, '/')).toEqual({ account: '' })
    expect(addressOf(GetQueueUrl, { QueueOwnerAWSAccountId: '123456789012' } as object, '/')).toEqual({
      account: '123456789012',
    })
  })

  test.each([
    ['/', undefined],
    ['/orders', undefined],
    ['/123456789012/orders', orders],
    ['/api/sqs', undefined],
    ['/api/sqs/', undefined],
    ['/api/sqs/123456789012/orders', orders],
  ])('by the path %s under /api/sqs', (path, found) => expect(queueOfPath(path, '/api/sqs')).toEqual(found))
})
