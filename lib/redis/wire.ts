// The arguments of the scripts and their replies, as lua/ describes them.
import * as errors from '../errors.ts'
import { markOf } from '../id.ts'
import { NO_KEY } from '../key.ts'
import { groupOf } from '../record.ts'
import type { Arg, Reply } from './connection.ts'
import type { Batch, Delivered, Done, Letter, Outgoing, Receipt, Request, Stored } from './deliveries.ts'
import { Behind, Drained, Grouped, Outdated } from './refusals.ts'

export const text = (reply: Reply | undefined) => (reply as Buffer).toString('latin1')

/** The reply, or the refusal in it as an error. */
export function accepted(reply: Reply[]): Reply[] {
  const code = text(reply[0])
  if (code === 'ok') return reply
  const details = reply.slice(1).map((part) => (part instanceof Buffer ? text(part) : part))
  if (code === 'Grouped') throw new Grouped('messages here carry groups')
  if (code === 'Outdated') throw new Outdated(`the partition goes by version ${details[0]}`, Number(details[0]))
  if (code === 'Behind') throw new Behind(`the partition goes by version ${details[0]}`)
  if (code === 'Drained') throw new Drained('the partition gets nothing new any more')
  if (code === 'QueueDoesNotExist')
    throw new errors.QueueDoesNotExist('the queue does not exist: it was removed or never made')
  if (code === 'SchemaTooNew') {
    throw new errors.SchemaTooNew(
      `this queue was written with schema ${details[0]}, this release knows up to ${details[1]}: update boomerang-mq`,
    )
  }
  throw new errors.RedisFailure(`a script answered ${code} ${details.join(' ')}`)
}

export function delaysOf(batch: Outgoing[]): string {
  if (batch.every(({ delay }) => delay === undefined)) return ''
  return batch.map(({ delay }) => delay ?? '-').join(' ')
}

/** Columns of `send_once` and `send_grouped`: ids, their marks (not where all are fresh), keys, digests of payloads, delays. */
export function onceArguments(batch: Outgoing[], fresh: boolean): string[] {
  const column = (of: (message: Outgoing) => string) => batch.map(of).join('')
  return [
    column(({ short }) => short),
    fresh ? '' : column(({ short }) => markOf(short)),
    column(({ key }) => key ?? NO_KEY),
    column(({ print }) => print ?? ' '.repeat(12)),
    delaysOf(batch),
  ]
}

/** What became of each message, in the reply of `send_once` or `send_grouped`. */
export function storedOf(reply: Reply[]): Stored[] {
  const known = reply[3] as Buffer[]
  let at = 0
  return [...text(reply[2])].map((outcome) => {
    if (outcome === 'n') return { outcome }
    const [first, result] = [text(known[at++]), known[at++] as Buffer]
    return { outcome, first, result }
  })
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

export function lettersOf(flat: Buffer[]): Letter[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => ({
    short: text(flat[2 * i]),
    letter: flat[2 * i + 1] as Buffer,
  }))
}

type Numbers = [
  fence: number,
  receivedAt: number,
  visibility: number,
  due: number,
  returned: number,
  over: number,
  outbox: number,
]

/** The batch in a reply, from its part `from` on. In a partition with groups the reply has marks, too (lua/work_grouped.lua). */
export function batchOf(reply: Reply[], from: number): Batch {
  const numbers = text(reply[from + 2])
    .split(' ')
    .map(Number) as Numbers
  const [fence, receivedAt, visibility, due, returned, over, forward] = numbers
  const outbox = forward === 1
  const ids = text(reply[from])
  if (ids === '') return { messages: [], due, over: over === 1, outbox }
  const records = reply[from + 3] as Buffer[]
  const history = text(reply[from + 1])
  const told = history === '' ? undefined : history.split(' ').map(Number)
  const marks = reply.length > from + 4 ? text(reply[from + 4]) : undefined
  const messages: Delivered[] = []
  for (let i = 0; i < records.length; i++) {
    const record = records[i]
    if (!record) continue
    const message: Delivered = {
      short: ids.slice(i * 20, i * 20 + 20),
      deliveries: told ? (told[3 * i] as number) : 1,
      attempts: told ? (told[3 * i + 1] as number) : 1,
      firstReceivedAt: told ? (told[3 * i + 2] as number) : 0,
      fence: fence + i,
      receivedAt,
      visibility,
      returned: i < returned,
      record,
      key: undefined,
      result: undefined,
      followUps: undefined,
      group: undefined,
      sequence: undefined,
    }
    if (marks !== undefined) mark(message, marks.slice(17 * i, 17 * i + 17))
    messages.push(message)
  }
  return { messages, due, over: false, outbox }
}

/** Of a message in a partition with groups: its group, its sequence number, whether its deadline had passed. */
function mark(message: Delivered, told: string): void {
  message.group = groupOf(message.record)
  if (message.group !== undefined && told.slice(0, 16) !== NO_SEQUENCE) message.sequence = told.slice(0, 16)
  message.returned = told[16] === 'r'
}

const NO_SEQUENCE = '0'.repeat(16)

/** Follow-ups of what is done and their payloads, as `work` takes them. */
export function followUpArguments(done: Pick<Done, 'followUps'>[]): Arg[] {
  if (done.every(({ followUps }) => followUps === undefined)) return ['', '']
  const lines: string[] = []
  const payloads: Buffer[] = []
  for (const [i, { followUps = [] }] of done.entries()) {
    for (const { queue, message } of followUps) {
      const { short, delay = '-', print = '-', dedup = '-', payload } = message
      lines.push(`${[i + 1, queue, short, delay, print, payload.length, dedup].join(' ')}\n`)
      payloads.push(payload)
    }
  }
  return [Buffer.from(lines.join('')), joined([...payloads, Buffer.alloc(0)])]
}

/** Where messages in flight stand (lua/_standing_of.lua); '' where none carries a group. */
export function standing(batch: Receipt[]): string {
  if (batch.every(({ group }) => group === undefined)) return ''
  return batch.map(({ group = '', sequence }) => (sequence ? `${group} ${sequence}` : group)).join('\n')
}
