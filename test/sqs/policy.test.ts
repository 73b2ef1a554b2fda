import { describe, expect, test } from 'vitest'
import { sqs } from '../../lib/index.ts'
import { refusedWith } from './refused-with.ts'

const arn = 'arn:aws:sqs:us-east-1:team:orders'
const one: sqs.Permission = { arn, label: 'one', accounts: ['111111111111'], actions: ['ReceiveMessage'] }
const two: sqs.Permission = {
  arn,
  label: 'two',
  accounts: ['111111111111', '222222222222'],
  actions: ['*', 'SendMessage'],
}

describe('permissions', () => {
  test('are statements of a policy, as SQS writes them', () => {
    const policy = sqs.addPermission(sqs.addPermission(undefined, one), two)
    expect(JSON.parse(policy)).toEqual({
      Version: '2008-10-17',
      Id: `${arn}/SQSDefaultPolicy`,
      Statement: [
        {
          Sid: 'one',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111111111111:root' },
          Action: 'SQS:ReceiveMessage',
          Resource: arn,
        },
        {
          Sid: 'two',
          Effect: 'Allow',
          Principal: { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] },
          Action: ['SQS:*', 'SQS:SendMessage'],
          Resource: arn,
        },
      ],
    })
  })

  test('vanish with the policy when the last is taken away', () => {
    const both = sqs.addPermission(sqs.addPermission(undefined, one), two)
    expect(sqs.removePermission(both, 'two')).toBe(sqs.addPermission(undefined, one))
    expect(sqs.removePermission(sqs.removePermission(both, 'one'), 'two')).toBeUndefined()
  })

  test('stand beside what else the policy says', () => {
    const own = '{"Version":"2012-10-17","Statement":{"Sid":"own","Effect":"Deny","Principal":"*"}}'
    const policy = sqs.addPermission(own, one)
    expect(JSON.parse(policy)).toMatchObject({ Version: '2012-10-17', Statement: [{ Sid: 'own' }, { Sid: 'one' }] })
    expect(JSON.parse(sqs.removePermission(policy, 'one') as string).Statement).toEqual([
      { Sid: 'own', Effect: 'Deny', Principal: '*' },
    ])
  })

  test('are refused as SQS does', () => {
    refusedWith(() => sqs.addPermission(undefined, { ...one, label: 'a b' }), {
      message: /^Value a b for parameter Label/,
    })
    refusedWith(() => sqs.removePermission(undefined, 'one'), {
      message: "Value one for parameter Label is invalid. Reason: can't find label.",
    })
    refusedWith(() => sqs.addPermission(undefined, { ...one, actions: ['CreateQueue'] }), {
      message:
        'Value SQS:CreateQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.',
    })
    for (const [name, none] of [
      ['AWSAccountIds', { accounts: [] }],
      ['Actions', { actions: [] }],
    ] as const) {
      refusedWith(() => sqs.addPermission(undefined, { ...one, ...none }), {
        code: 'MissingParameter',
        message: `The request must contain the parameter ${name}.`,
      })
    }
  })
})

test.each([
  ['20 statements', { Statement: Array(21).fill({}) }, '21 Statements were found, maximum allowed is 20.'],
  [
    '7 actions in one',
    { Statement: { Action: Array(8).fill('SQS:*') } },
    '8 Actions were found, maximum allowed is 7.',
  ],
  [
    '50 principals',
    { Statement: [{ Principal: { AWS: Array(50).fill('1') } }, { Principal: '*' }] },
    '51 Principals were found, maximum allowed is 50.',
  ],
  [
    '10 conditions',
    { Statement: { Condition: { StringLike: Object.fromEntries([...'abcdefghijk'].map((key) => [key, 'x'])) } } },
    '11 Conditions were found, maximum allowed is 10.',
  ],
])('a policy has at most %s', (_, policy, message) => {
  refusedWith(() => sqs.checkPolicy(JSON.stringify(policy)), { code: 'OverLimit', message })
})

describe('tasks that move messages', () => {
  const place = { region: 'us-east-1', namespace: 'team' }
  const task = { taskId: '0b4f0c2c-9f0e-4a6e-8f0e-0d9a8f4f2b11', sourceArn: arn }

  test('have handles', () => {
    const handle = sqs.writeTaskHandle(task)
    expect(Buffer.from(handle, 'base64').toString()).toBe(`{"taskId":"${task.taskId}","sourceArn":"${arn}"}`)
    expect(sqs.readTaskHandle(handle)).toEqual(task)
    const wrong = [{}, { ...task, taskId: 'x' }, { ...task, sourceArn: 5 }, null].map((value) =>
      Buffer.from(JSON.stringify(value)).toString('base64'),
    )
    for (const handle of [...wrong, '', 'foobar', undefined, 5]) {
      refusedWith(() => sqs.readTaskHandle(handle), { message: 'Value for parameter TaskHandle is invalid.' })
    }
  })

  test('name queues of this place', () => {
    expect(sqs.moveQueue(place, arn, 'SourceArn')).toBe('orders')
    expect(sqs.queueOf(place, `${arn}.fifo`)).toBe('orders.fifo')
    for (const wrong of ['orders', 'arn:aws:sqs:us-east-1:other:orders', `${arn}:x`, `${arn}.`, '']) {
      refusedWith(() => sqs.moveQueue(place, wrong, 'DestinationArn'), {
        code: 'ResourceNotFoundException',
        message: "The resource that you specified for the DestinationArn parameter doesn't exist.",
      })
    }
    refusedWith(() => sqs.moveQueue(place, undefined, 'SourceArn'), {
      code: 'MissingParameter',
      message: 'The request must contain the parameter SourceArn.',
    })
  })

  test('have rates and lists in their ranges', () => {
    expect([
      sqs.moveRate(undefined),
      sqs.moveRate(500),
      sqs.moveTasksListed(undefined),
      sqs.moveTasksListed('10'),
    ]).toEqual([undefined, 500, 1, 10])
    refusedWith(() => sqs.moveRate(501), { message: /^Value 501 for parameter MaxNumberOfMessagesPerSecond/ })
    refusedWith(() => sqs.moveTasksListed(0), { message: /^Value 0 for parameter MaxResults/ })
  })
})
