// Calls of actions as the endpoint makes them, without protocols and signatures around them.
import { afterAll, beforeAll } from 'vitest'
import type { Need } from '../../../lib/http/access/identity.ts'
import { storedPolicy } from '../../../lib/http/access/policy/parse.ts'
import type { Call } from '../../../lib/http/actions/action.ts'
import { ACTIONS } from '../../../lib/http/actions/index.ts'
import { addressOf, writeQueueUrl } from '../../../lib/http/queue-url.ts'
import { type Account, Accounts } from '../../../lib/http/queues.ts'
import type { Shape } from '../../../lib/http/wire/model.ts'
import { type Client, type ConnectOptions, connect, sqs } from '../../../lib/index.ts'
import { namespace, redisUrl } from '../../harness/stores.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a test gives and looks at
type Given = any

export const BASE = 'http://localhost:9324'

export interface Scene {
  accounts: Accounts
  account: Account
  /** Another client of the same namespace, as another process would have it. */
  other: Client
  /** What an action answers, as far as its shape says it. `call`: the caller's side, where it matters. */
  ask(action: string, input?: object, call?: Partial<Call>): Promise<Given>
  /** What an action needs to be allowed, each as 'SendMessage on orders'. */
  needs(action: string, input: object): Promise<string[]>
  /** A new queue: its URL. */
  queue(attributes?: Record<string, string>): Promise<string>
  fifo(attributes?: Record<string, string>): Promise<string>
  /** Somebody else removes the queue. */
  remove(url: string): Promise<unknown>
  arn(url: string): string
}

export const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1)

/** What is purged or removed can be so again at once, unless the options say otherwise. */
export function scene(options: ConnectOptions = { purgeWindow: 0, deleteWindow: 0 }): Scene {
  const own = namespace()
  const dial = (space: string) => connect(redisUrl(), { namespace: space, ...options })
  const here = {} as Scene
  let count = 0
  beforeAll(async () => {
    here.accounts = new Accounts({ connect: dial, region: 'us-east-1', namespace: own, policyOf: storedPolicy })
    here.account = await here.accounts.of('')
    here.other = await dial(own)
  })
  afterAll(async () => {
    await here.accounts.close()
    await here.other.close()
  })
  here.ask = async (name, input = {}, call) => {
    const { output, run } = actionOf(name)
    return shown(output, await run(input, await callOf(here.accounts, name, input, call)))
  }
  here.needs = async (name, input) => {
    const needs = actionOf(name).needs(input, await callOf(here.accounts, name, input))
    return needs.map(
      ({ action, resource }: Need) => `${action} on ${sqs.queueOf(here.account.place, resource) ?? resource}`,
    )
  }
  const made = async (QueueName: string, Attributes: Record<string, string>) =>
    (await here.ask('CreateQueue', { QueueName, Attributes })).QueueUrl
  here.queue = (attributes = {}) => made(`queue${++count}`, attributes)
  here.fifo = (attributes = {}) => made(`queue${++count}.fifo`, { FifoQueue: 'true', ...attributes })
  here.remove = (url) => here.other.queues.remove(nameOf(url))
  here.arn = (url) => here.account.arn(nameOf(url))
  return here
}

function actionOf(name: string) {
  return ACTIONS[name] ?? sqs.refuse('UnknownOperationException', name)
}

async function callOf(accounts: Accounts, action: string, input: object, given: Partial<Call> = {}): Promise<Call> {
  const { account: id, name = '' } = addressOf(actionOf(action), input, '/')
  const account = await accounts.of(id)
  return {
    protocol: 'json',
    account,
    name: () => name,
    queue: (work) => account.use(name, work),
    url: (queue) => writeQueueUrl(BASE, { account: account.id, name: queue }),
    sender: undefined,
    trace: undefined,
    signal: new AbortController().signal,
    unsent: () => {},
    ...given,
  }
}

/** What goes out: by its shape, without what is undefined or empty. A member that no shape has would be lost on the way. */
function shown(shape: Shape | undefined, value: Given): Given {
  if (shape === undefined && value !== undefined) throw new Error(`a void action answered ${JSON.stringify(value)}`)
  if (shape === undefined || value === undefined) return undefined
  if (shape.kind === 'list') return value.length > 0 ? value.map((one: Given) => shown(shape.of, one)) : undefined
  if (shape.kind !== 'map' && shape.kind !== 'structure') {
    const type = { string: 'string', boolean: 'boolean', bytes: 'string', integer: 'number' }[shape.kind]
    if (typeof value !== type) throw new Error(`${JSON.stringify(value)} is no ${shape.kind}`)
    return value
  }
  const entries = Object.entries(value).map(([name, one]) => {
    const of = shape.kind === 'map' ? shape.of : shape.members[name]
    if (!of) throw new Error(`the shape has no ${name}`)
    return [name, shown(of, one)] as const
  })
  const found = entries.filter(([, one]) => one !== undefined)
  return found.length > 0 || shape.kind === 'structure' ? Object.fromEntries(found) : undefined
}
