// A queue's Amazon resource name: SQS's way to name a queue from elsewhere. Its account is the namespace.
import { InvalidName } from './errors.ts'
import { queueName } from './options.ts'

export function arnOf(region: string, namespace: string, queue: string): string {
  return `arn:aws:sqs:${region}:${namespace}:${queue}`
}

/** The queue that a name or an ARN names; a queue of another namespace is refused. */
export function queueNamed(value: unknown, namespace: string): string {
  if (typeof value !== 'string' || !value.startsWith('arn:')) return queueName(value)
  const [, account, name] = /^arn:aws[a-z-]*:sqs:[a-z0-9-]*:([^:]*):([^:]*)$/.exec(value) ?? []
  if (account === undefined) throw new InvalidName(`'${value}' is not the ARN of a queue`)
  if (account === namespace) return queueName(name)
  throw new InvalidName(`'${value}' is of namespace '${account}', this client's is '${namespace}'`)
}
