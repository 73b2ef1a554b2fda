import { describe, expect, test } from 'vitest'
import * as errors from '../../lib/errors.ts'
import { type Queue, sqs } from '../../lib/index.ts'

const all = Object.entries(errors).filter(([name]) => name !== 'BoomerangError') as [
  string,
  new (message: string) => errors.BoomerangError,
][]

describe('sqs.errorOf', () => {
  test.each(all)('%s has a name, a code and a status of SQS', (_, Kind) => {
    const told = sqs.errorOf(new Kind('what'))
    expect(told).toMatchObject({ code: expect.stringMatching(/^[\w.]+$/), message: expect.stringMatching(/./) })
    expect(sqs.SHAPES[told.shape]).toEqual({ code: told.code, status: told.status })
    expect(sqs.typeOf(told.shape)).toMatch(/#/)
  })

  test.each<[string, () => never, sqs.SqsError]>([
    [
      'refuse',
      () => sqs.refuse('InvalidSignatureException', 'It does not match.'),
      {
        shape: 'InvalidSignatureException',
        code: 'SignatureDoesNotMatch',
        status: 403,
        message: 'It does not match.',
      },
    ],
    [
      'missing',
      () => sqs.missing('QueueUrl'),
      {
        shape: 'MissingRequiredParameterException',
        code: 'MissingParameter',
        status: 400,
        message: 'The request must contain the parameter QueueUrl.',
      },
    ],
    [
      'invalid',
      () => sqs.invalid('No such thing.'),
      {
        shape: 'InvalidParameterValueException',
        code: 'InvalidParameterValue',
        status: 400,
        message: 'No such thing.',
      },
    ],
  ])('sqs.%s refuses in the words of SQS', (_, refuse, told) => {
    expect(sqs.errorOf(thrown(refuse))).toEqual(told)
  })

  test.each([
    ['QueueDoesNotExist', 'com.amazonaws.sqs#'],
    ['AccessDeniedException', 'com.amazon.coral.service#'],
    ['SerializationException', 'com.amazon.coral.service#'],
  ])('the type of %s is %s…', (shape, prefix) => {
    expect(sqs.typeOf(shape)).toBe(prefix + shape)
  })

  test('keeps back the text of what is no error of Boomerang', () => {
    for (const error of [new TypeError('secret'), 'secret', undefined]) {
      expect(sqs.errorOf(error)).toMatchObject({ code: 'InternalFailure', status: 500 })
      expect(JSON.stringify(sqs.errorOf(error))).not.toContain('secret')
    }
  })

  test.each([
    [new errors.Overloaded('full'), 'RequestThrottled', 403],
    [new errors.OutOfMemory('full'), 'ServiceUnavailable', 503],
    [new errors.Timeout('late'), 'ServiceUnavailable', 503],
    [new errors.QueueDeletedRecently(''), 'AWS.SimpleQueueService.QueueDeletedRecently', 400],
    [new errors.OverLimit('120000 are in flight'), 'OverLimit', 403],
    [new errors.InvalidBody('body.x is a function'), 'InvalidMessageContents', 400],
  ])('%s is %s, %i', (error, code, status) => {
    expect(sqs.errorOf(error)).toMatchObject({ code, status })
  })

  test('words a lost message by where it is told, an entry of a batch without a period at its end', () => {
    const lost = Object.assign(new errors.LostMessage('gone'), { receipt: 'Axyz' })
    expect(sqs.errorOf(lost)).toMatchObject({
      code: 'InvalidParameterValue',
      message:
        'Value Axyz for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
    })
    expect(sqs.errorOf(lost, { entry: true })).toMatchObject({
      code: 'ReceiptHandleIsInvalid',
      message: 'Message does not exist or is not available for visibility timeout change',
    })
  })

  test('counts a visibility that is too long in seconds', async () => {
    const extend = () => Promise.reject(new errors.VisibilityTooLong('more than 12 h'))
    const queue = { name: 'orders', delivery: () => ({ extend }) } as unknown as Queue
    const call = sqs.changeVisibility(queue, { ReceiptHandle: 'A', VisibilityTimeout: 43_200 })
    const error = await call.catch((thrown) => thrown)
    expect(sqs.errorOf(error).message).toBe(
      'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
    )
  })

  test.each([
    ['delay', 'DelaySeconds'],
    ['maxReceives', 'RedrivePolicy'],
    ['deadLetter.maxReceives', 'RedrivePolicy'],
    ['encryption.kmsMasterKeyId', 'KmsMasterKeyId'],
    ['fifoThroughputLimit', 'FifoThroughputLimit'],
    ['resultTtl', 'resultTtl'],
  ])('calls the attribute %s that differs %s', (attribute, name) => {
    const error = Object.assign(new errors.QueueNameExists(''), { attribute })
    expect(sqs.errorOf(error).message.endsWith(` attribute ${name}`)).toBe(true)
  })

  test('says which of two queues is not there', () => {
    const error = Object.assign(new errors.QueueDoesNotExist(''), { role: 'destination' })
    expect(sqs.errorOf(error)).toMatchObject({ code: 'ResourceNotFoundException', status: 404 })
    expect(sqs.errorOf(error).message).toMatch(/for the DestinationArn parameter/)
    const dead = Object.assign(new errors.QueueDoesNotExist(''), { role: 'deadLetter' })
    expect(sqs.errorOf(dead)).toMatchObject({ code: 'InvalidParameterValue', status: 400 })
    expect(sqs.errorOf(dead).message).toMatch(/Dead letter target does not exist/)
  })

  test('words what only the other type of queue has', () => {
    const error = Object.assign(new errors.WrongQueueType(''), { option: 'deduplicationId', value: '1' })
    expect(sqs.errorOf(error).message).toBe(
      'Value 1 for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.',
    )
  })
})

function thrown(refuse: () => never): unknown {
  try {
    return refuse()
  } catch (error) {
    return error
  }
}
