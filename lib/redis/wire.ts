// The arguments of the scripts and their replies, as lua/ describes them.
import * as errors from '../errors.ts'
import { markOf } from '../id.ts'
import { NO_KEY } from '../key.ts'
import type { Arg, Reply } from './connection.ts'
import type { Batch, Delivered, Done, Outgoing, Receipt, Request } from './deliveries.ts'

export const text = (reply: Reply | undefined) => (reply as Buffer).toString('latin1')

/** The reply, or the refusal in it as an error. */
export function accepted(reply: Reply[]): Reply[] {
  const [code, ...details] = reply.map((part) => (part instanceof Buffer ? text(part) : part))
  if (code === 'ok') return reply
  if (code === 'QueueDoesNotExist')
    throw new errors.QueueDoesNotExist('the queue does not exist: it was removed or never made')
  if (code === 'SchemaTooNew') {
    throw new errors.SchemaTooNew(
      `this queue was written with schema ${details[0]}, this release knows up to ${details[1]}: update boomerang-mq`,
    )
  }
  throw new errors.RedisFailure(`a script answered ${String(code)} ${details.join(' ')}`)
}

export function delaysOf(batch: Outgoing[]): string {
  if (batch.every(({ delay }) => delay === undefined)) return ''
  return batch.map(({ delay }) => delay ?? '-').join(' ')
}

export function joined(parts: Buffer[]): Buffer {
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
}

export function withPayloads(args: Arg[], batch: Outgoing[]): Arg[] {
  for (const { short, payload } of batch) args.push(short, payload)
  return args
}

export function receipts(batch: Receipt[]): string[] {
  return [
    batch.map(({ short }) => short).join(''),
    batch.map(({ deliveries }) => deliveries).join(' '),
    batch.map(({ receivedAt }) => receivedAt).join(' '),
  ]
}

export function settleArguments(done: Done[]): Arg[] {
  let ids = ''
  let marks = ''
  let deliveries = ''
  let keys = ''
  let first = true
  let keyed = false
  const indexes: number[] = []
  const results: Buffer[] = []
  for (let i = 0; i < done.length; i++) {
    const one = done[i] as Done
    ids += one.short
    marks += markOf(one.short)
    deliveries += `${one.deliveries} `
    keys += one.key ?? NO_KEY
    first &&= one.deliveries === 1
    keyed ||= one.key !== undefined
    if (one.result) {
      indexes.push(i + 1)
      results.push(one.result)
    }
  }
  const sizes = results.map(({ length }) => length)
  return [
    ids,
    first ? '' : deliveries,
    marks,
    keyed ? keys : '',
    indexes.join(' '),
    sizes.join(' '),
    joined([...results, Buffer.alloc(0)]),
  ]
}

export function requestArguments({ max, returning, visibility, wait }: Request): string[] {
  return [String(max), String(returning), visibility === undefined ? '' : String(visibility), String(wait)]
}

type Five = [number, number, number, number, number]

export function batchOf(reply: Reply[], from: number): Batch {
  const [fence, receivedAt, visibility, due, returned] = text(reply[from + 2])
    .split(' ')
    .map(Number) as number[] as Five
  const ids = text(reply[from])
  if (ids === '') return { messages: [], due }
  const records = reply[from + 3] as Buffer[]
  const history = text(reply[from + 1])
  const numbers = history === '' ? undefined : history.split(' ').map(Number)
  const messages: Delivered[] = []
  for (let i = 0; i < records.length; i++) {
    const record = records[i]
    if (!record) continue
    messages.push({
      short: ids.slice(i * 20, i * 20 + 20),
      deliveries: numbers ? (numbers[3 * i] as number) : 1,
      attempts: numbers ? (numbers[3 * i + 1] as number) : 1,
      firstReceivedAt: numbers ? (numbers[3 * i + 2] as number) : 0,
      fence: fence + i,
      receivedAt,
      visibility,
      returned: i < returned,
      record,
      key: undefined,
      result: undefined,
    })
  }
  return { messages, due }
}
