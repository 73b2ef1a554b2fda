import { describe, expect, test } from 'vitest'
import { answeredIn, asked } from '../../../lib/http/wire/asked.ts'
import type { Incoming } from '../../../lib/http/wire/protocol.ts'
import { form, incoming, json, refusal } from './requests.ts'

describe('what is asked for', () => {
  const headers = (given: Record<string, string>) => incoming({ headers: given, body: 'Action=ListQueues' })

  test.each<[what: string, request: Incoming, protocol: string, action: string]>([
    ['a target', headers({ 'x-amz-target': 'AmazonSQS.SendMessage' }), 'json', 'SendMessage'],
    ['both headers', json('SendMessage', ''), 'json', 'SendMessage'],
    [
      'another minor version',
      {
        ...json('A', ''),
        headers: { ...json('A', '').headers, 'content-type': 'Application/X-Amz-Json-1.1; charset=utf-8' },
      },
      'json',
      'A',
    ],
    ['a form', form('Action=SendMessage&Version=2012-11-05'), 'query', 'SendMessage'],
    ['a form that says nothing of its type', headers({}), 'query', 'ListQueues'],
    ['a form to the path of a queue', { ...form('Action=SendMessage'), path: '/0/orders' }, 'query', 'SendMessage'],
    ['a URL', incoming({ method: 'GET', search: 'Action=ListQueues' }), 'query', 'ListQueues'],
    ['a form over its URL', { ...form('Action=B'), search: 'Action=A' }, 'query', 'B'],
  ])('is known of %s', (_, request, protocol, action) => {
    expect(asked(request)).toMatchObject({ protocol, action })
    expect(answeredIn(request)).toBe(protocol)
  })

  test('is answered in JSON to a form that accepts it', () => {
    const request = headers({ accept: 'application/json, text/plain' })
    expect(asked(request).protocol).toBe('query')
    expect(answeredIn(request)).toBe('json')
  })

  test('has its parameters parsed once', () => {
    const { params } = asked(form('Action=A'))
    expect(params()).toBe(params())
    expect(asked({ ...json('A', '{"&":"="}'), search: 'X-Amz-Date=1' }).params()).toEqual(
      new Map([['X-Amz-Date', '1']]),
    )
  })

  test.each<[what: string, request: Incoming]>([
    ['a target of another service', headers({ 'x-amz-target': 'DynamoDB_20120810.Scan' })],
    ['JSON without a target', headers({ 'content-type': 'application/x-amz-json-1.0' })],
  ])('is refused of %s', (_, request) => {
    expect(refusal(() => asked(request))).toMatchObject({ code: 'InvalidAction', status: 400 })
  })
})
