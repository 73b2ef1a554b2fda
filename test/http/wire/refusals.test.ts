import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { asked } from '../../../lib/http/wire/asked.ts'
import type { Answer } from '../../../lib/http/wire/protocol.ts'
import { refused, unknownAction } from '../../../lib/http/wire/refusals.ts'
import { OutOfMemory, QueueDoesNotExist, sqs } from '../../../lib/index.ts'
import { form, incoming, json, thrown } from './requests.ts'

interface Recorded {
  protocol: 'json' | 'query'
  code: string
  jsonTypeShape: string | null
  message: string
  status: number
}

const file = join(import.meta.dirname, '../../sqs/recorded-errors.json')
const recorded: Recorded[] = JSON.parse(readFileSync(file, 'utf8'))
const id = '27daac76-34dd-47df-bd01-1f6e873584a0'

const shapeOf = (code: string) => Object.keys(sqs.SHAPES).find((shape) => sqs.SHAPES[shape]?.code === code) as string
const inXml = (code: string, message: string, fault = 'Sender') =>
  `<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>${fault}</Type><Code>${code}</Code><Message>${message}</Message><Detail/></Error><RequestId>${id}</RequestId></ErrorResponse>`
const answerOf = (status: number, type: string, body: string, ...others: string[]): Answer => ({
  status,
  headers: ['x-amzn-RequestId', id, 'Content-Type', type, 'Content-Length', String(Buffer.byteLength(body)), ...others],
  body,
})

describe('an error that was recorded on SQS', () => {
  test.each(recorded.filter(({ protocol }) => protocol === 'json'))('goes out in JSON: $code $message', (error) => {
    const { code, jsonTypeShape, message, status } = error
    const shape = jsonTypeShape as string
    const frame = /^(InvalidParameterValue|MissingRequiredParameter)Exception$/.test(shape)
    const type = `${frame ? 'com.amazon.coral.service' : 'com.amazonaws.sqs'}#${shape}`
    expect(
      refused(
        'json',
        thrown(() => sqs.refuse(shape, message)),
        id,
      ),
    ).toEqual(
      answerOf(
        status,
        'application/x-amz-json-1.0',
        JSON.stringify({ __type: type, message }),
        'x-amzn-query-error',
        `${code};Sender`,
      ),
    )
  })

  test.each(recorded.filter(({ protocol }) => protocol === 'query'))('goes out in XML: $code $message', (error) => {
    const { code, message, status } = error
    const escaped = message.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    expect(
      refused(
        'query',
        thrown(() => sqs.refuse(shapeOf(code), message)),
        id,
      ),
    ).toEqual(answerOf(status, 'text/xml', inXml(code, escaped)))
  })
})

describe('a refusal', () => {
  test('is worded for its protocol', () => {
    const error = new QueueDoesNotExist('gone')
    expect(refused('json', error, id).body).toContain('"The specified queue does not exist."')
    expect(refused('query', error, id).body).toContain('does not exist for this wsdl version.')
  })

  test('names the server where it is at fault, and keeps back what is no refusal', () => {
    expect(refused('json', new OutOfMemory('full'), id)).toMatchObject({
      status: 503,
      headers: expect.arrayContaining(['x-amzn-query-error', 'ServiceUnavailable;Receiver']),
    })
    for (const protocol of ['json', 'query'] as const) {
      const { status, body } = refused(protocol, new TypeError('secret'), id)
      expect(status).toBe(500)
      expect(body).not.toContain('secret')
    }
    expect(refused('query', 'secret', id).body).toBe(
      inXml('InternalFailure', 'We encountered an internal error. Please try again.', 'Receiver'),
    )
  })

  test('may quote anything', () => {
    const message = 'Value <a>&"\r\0\ud800\u2028 is invalid'
    const error = thrown(() => sqs.invalid(message))
    expect(JSON.parse(refused('json', error, id).body).message).toBe(message)
    const parser = new XMLParser({ htmlEntities: true })
    expect(parser.parse(refused('query', error, id).body).ErrorResponse.Error.Message).toBe(
      'Value <a>&"\r��\u2028 is invalid',
    )
    expect(refused('json', error, id).headers.join()).not.toMatch(/[^\x20-\x7e]/)
  })

  test('of an action that is none', () => {
    const error = thrown(() => unknownAction('Fly'))
    const message = 'The action Fly is not valid for this endpoint.'
    expect(refused('query', error, id)).toEqual(answerOf(400, 'text/xml', inXml('InvalidAction', message)))
    expect(JSON.parse(refused('json', error, id).body)).toEqual({
      __type: 'com.amazon.coral.service#UnknownOperationException',
      message,
    })
  })

  test.each([
    ['no body', incoming()],
    ['a URL without an action', incoming({ method: 'GET', search: 'Version=2012-11-05' })],
    ['an empty action', form('Action=')],
    ['XML', form('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')],
    ['JSON without its headers', form('{"QueueUrl":"a"}')],
  ])('of a request that asks for nothing is the bare name: %s', (_, request) => {
    const error = thrown(() => asked(request))
    expect(refused('query', error, id)).toEqual(answerOf(404, 'text/xml', '<UnknownOperationException/>'))
    expect(sqs.errorOf(error).status).toBe(400)
  })

  test.each(['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('of the method %s names those that there are', (method) => {
    const error = thrown(() => asked({ ...json('ListQueues', '{}'), method }))
    expect(refused('query', error, id)).toEqual(
      answerOf(405, 'text/xml', '<UnknownOperationException/>', 'Allow', 'GET, POST'),
    )
    expect(refused('json', error, id)).toMatchObject({
      status: 405,
      body: '{"__type":"com.amazon.coral.service#UnknownOperationException","message":"Actions are asked for by GET and POST."}',
    })
  })
})
