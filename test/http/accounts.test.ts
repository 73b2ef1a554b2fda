// Accounts, users and policies over real connections, with the SDK's own signatures.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SQS } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEndpoint, type Endpoint, type Exchanged, readConfiguration } from '../../lib/http/index.ts'
import { connect } from '../../lib/index.ts'
import { keysOf } from '../harness/keys.ts'
import { namespace, redisUrl } from '../harness/stores.ts'
import { post, raw } from './raw.ts'
import { sdkAt } from './serving.ts'

const SECRET = 'the-secret-of-all-keys-here'
const [ours, theirs] = [namespace(), namespace()]
const KEYS = { root: 'AKIAROOTROOTROOTROOT', producer: 'AKIAPRODUCERPRODUCER', stranger: 'AKIASTRANGERSTRANGER' }
let endpoint: Endpoint
let url: URL
let told: Exchanged[]
const sdks: SQS[] = []

beforeEach(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'boomerang-accounts-'))
  const file = join(directory, 'boomerang.yaml')
  const key = (id: string) => `keys: [{ id: ${id}, secret: { env: SECRET } }]`
  writeFileSync(
    file,
    `accounts:
  ${ours}:
    ${key(KEYS.root)}
    users:
      producer:
        ${key(KEYS.producer)}
        policies: [{ Version: '2012-10-17', Statement: [{ Effect: Allow, Action: ['sqs:SendMessage', 'sqs:GetQueueUrl'], Resource: '*' }] }]
  ${theirs}:
    ${key(KEYS.stranger)}`,
  )
  const accounts = readConfiguration(file, { SECRET })
  rmSync(directory, { recursive: true })
  endpoint = createEndpoint({ where: redisUrl(), connect: { deleteWindow: 0 }, port: 0, accounts })
  told = []
  endpoint.on('exchanged', (one) => told.push(one))
  url = await endpoint.start()
})

afterEach(async () => {
  for (const sdk of sdks.splice(0)) sdk.destroy()
  await endpoint.stop(0)
  for (const account of [ours, theirs]) {
    const client = await connect(redisUrl(), { namespace: account })
    for (const name of (await client.queues.list()).names) await client.queues.remove(name)
    await client.close()
    expect(await keysOf(account)).toEqual([])
  }
})

function as(who: keyof typeof KEYS): SQS {
  const sdk = sdkAt(url, { credentials: { accessKeyId: KEYS[who], secretAccessKey: SECRET } })
  sdks.push(sdk)
  return sdk
}

const denied = { name: expect.stringMatching(/^AccessDenied/), $metadata: { httpStatusCode: 403 } }

test('the account may do everything, a user what its policies say', async () => {
  const { QueueUrl } = await as('root').createQueue({ QueueName: 'videos' })
  expect(QueueUrl).toBe(`${url.origin}/${ours}/videos`)
  const producer = as('producer')
  await producer.sendMessage({ QueueUrl, MessageBody: 'sea' })
  await producer.sendMessageBatch({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'more' }] })
  await expect(producer.receiveMessage({ QueueUrl })).rejects.toMatchObject(denied)
  await expect(producer.createQueue({ QueueName: 'other' })).rejects.toMatchObject(denied)
  await expect(producer.receiveMessage({ QueueUrl: 'no-such-queue' })).rejects.toMatchObject(denied)
  await expect(producer.getQueueUrl({ QueueName: 'no-such-queue' })).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  })
  const { Messages } = await as('root').receiveMessage({ QueueUrl, MessageSystemAttributeNames: ['SenderId'] })
  expect(Messages?.[0]?.Attributes).toEqual({ SenderId: 'producer' })
})

test('another account needs the permission of the queue', async () => {
  const { QueueUrl } = await as('root').createQueue({ QueueName: 'videos' })
  const stranger = as('stranger')
  await expect(stranger.sendMessage({ QueueUrl, MessageBody: 'x' })).rejects.toMatchObject(denied)
  await as('root').addPermission({ QueueUrl, Label: 'partners', AWSAccountIds: [theirs], Actions: ['SendMessage'] })
  await stranger.sendMessage({ QueueUrl, MessageBody: 'x' })
  await expect(stranger.receiveMessage({ QueueUrl })).rejects.toMatchObject(denied)
  await as('root').removePermission({ QueueUrl, Label: 'partners' })
  await expect(stranger.sendMessage({ QueueUrl, MessageBody: 'x' })).rejects.toMatchObject(denied)
  const own = await stranger.createQueue({ QueueName: 'videos' })
  expect(own.QueueUrl).toBe(`${url.origin}/${theirs}/videos`)
  expect((await stranger.receiveMessage({ QueueUrl: own.QueueUrl })).Messages).toBeUndefined()
})

test('of an account that is not there no more is said than of a queue', async () => {
  const QueueUrl = `${url.origin}/999999999999/videos`
  for (const who of ['root', 'producer', 'stranger'] as const) {
    await expect(as(who).sendMessage({ QueueUrl, MessageBody: 'x' })).rejects.toMatchObject(denied)
    await expect(
      as(who).getQueueUrl({ QueueName: 'videos', QueueOwnerAWSAccountId: '999999999999' }),
    ).rejects.toMatchObject(denied)
  }
})

test('a signature that is not right is told of with what should have been signed, and no secret', async () => {
  const wrong = sdkAt(url, { credentials: { accessKeyId: KEYS.root, secretAccessKey: 'another secret' } })
  sdks.push(wrong)
  await expect(wrong.listQueues()).rejects.toMatchObject({ Code: 'SignatureDoesNotMatch' })
  expect(told).toMatchObject([{ action: 'ListQueues', protocol: 'json', by: '', status: 403 }])
  const { signed = '' } = told[0] as Exchanged
  expect(signed).toMatch(
    new RegExp(`^POST\\n/\\n\\n(.+\\n)*host:${url.host}\\n(.+\\n)*x-amz-target:AmazonSQS.ListQueues\\n`),
  )
  expect(signed).not.toContain(SECRET)
  await as('root').listQueues()
  expect(told[1]).not.toHaveProperty('signed')
})

test('who sends no signature may do what the queue gives to everybody', async () => {
  const root = as('root')
  const { QueueUrl } = await root.createQueue({ QueueName: 'videos' })
  const { Attributes } = await root.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] })
  const send = async () => {
    using client = await raw(Number(url.port))
    return await client.say(post(`Action=SendMessage&QueueUrl=${QueueUrl}&MessageBody=hi`)).answer()
  }
  expect(await send()).toMatchObject({ status: 403, body: expect.stringContaining('<Code>MissingAuthenticationToken') })
  const statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: Attributes?.['QueueArn'] }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await root.setQueueAttributes({ QueueUrl, Attributes: { Policy } })
  expect(await send()).toMatchObject({ status: 200 })
  using client = await raw(Number(url.port))
  expect(await client.say(post('Action=ListQueues')).answer()).toMatchObject({ status: 403 })
})

test('a server that was started without accounts is not given any while it runs', () => {
  const open = createEndpoint({ where: 'memory:' })
  const accounts = { accounts: new Set([ours]), users: 0, keys: new Map() }
  expect(() => open.renew({ accounts })).toThrow('started without accounts')
})
