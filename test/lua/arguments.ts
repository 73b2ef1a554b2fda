// The arguments that scripts share, from what a test says, and their replies by names.
import { payloadDigest } from '../../lib/key.ts'
import { id, key, mark, nameOf, type Stage } from './stage.ts'

export interface Sending {
  id: string
  body?: string
  delay?: number
  key?: string
  /** It may be here already by its id. */
  repeated?: boolean
}

export interface Wanting {
  max?: number
  returning?: number
  visibility?: number | undefined
  wait?: number
  inbox?: string
  client?: string
  attempt?: number
  again?: boolean
  /** Only the batch that the attempt had. */
  noted?: boolean
}

export interface Receipt {
  id: string
  delivery?: number
  received?: number
  group?: string
  sequence?: number
}

export interface Completion extends Receipt {
  key?: string
  result?: string
  /** Messages for other queues. */
  sends?: { to: string; id: string; body?: string; delay?: number; key?: string }[]
}

export interface Giving extends Receipt {
  how?: 'uncounted' | 'counted' | 'failed' | 'rejected'
  delay?: number
  reason?: string
}

export interface Received {
  /** Names of the messages. */
  ids: string[]
  /** deliveries, attempts and first received at of each; '' when all came for the first time. */
  histories: string
  fence: number
  receivedAt: number
  visibility: number
  due: number
  returned: number
  /** 1 when as many are in flight as may be. */
  over: number
  records: string[]
}

const NO_KEY = ' '.repeat(22)
const names = (joined: string): string[] => (joined.match(/.{20}/g) ?? []).map(nameOf)
export const joinedIds = (list: { id: string }[]): string => list.map((one) => id(one.id)).join('')

export const marksOf = (list: { id: string }[]): string => list.map((one) => mark(one.id)).join('')
export const keysOf = (list: { key?: string }[]): string =>
  list.map((one) => (one.key ? key(one.key) : NO_KEY)).join('')

export const payload = ({ body = 'body', key: name }: Sending): string => (name ? `T${key(name)}${body}` : `t${body}`)

/** The digest by which payloads under one key are compared. */
export const print = ({ body = 'body' }: Partial<Sending>): string => payloadDigest(Buffer.from(body))

/** A dead letter as it is stored: its numbers, reason and record. */
export function letter(numbers: string, reason: string, record = 'tbody', digest = '-'): string {
  return `${numbers} ${reason.length} ${digest} ${reason}${record}`
}

export function delaysOf(list: Sending[]): string {
  return list.some(({ delay }) => delay !== undefined) ? list.map(({ delay }) => delay ?? '-').join(' ') : ''
}

export function stored(list: Sending[]): string[] {
  return list.flatMap((one) => [id(one.id), payload(one)])
}

let attempts = 0

export function request(stage: Stage, wanting: Wanting): (string | number)[] {
  const { max = 1, visibility = '', wait = 0, inbox = 'inbox', client = 'client' } = wanting
  const attempt = wanting.attempt ?? `t${++attempts}`
  return [
    max,
    wanting.returning ?? max,
    visibility,
    wait,
    stage.inbox(inbox),
    client,
    attempt,
    wanting.noted ? '2' : wanting.again ? '1' : '',
  ]
}

export function receivedOf([joined, histories, numbers, records]: unknown[]): Received {
  const [fence, receivedAt, visibility, due, returned, over] = (numbers as string).split(' ').map(Number) as number[]
  return {
    ids: names(joined as string),
    histories,
    fence,
    receivedAt,
    visibility,
    due,
    returned,
    over,
    records,
  } as Received
}

/** The arguments about what is done. */
export function settling(done: Completion[]): string[] {
  const results = done.flatMap(({ result }, i) => (result === undefined ? [] : [{ index: i + 1, result }]))
  const all = done.every(({ delivery = 1 }) => delivery === 1)
  return [
    joinedIds(done),
    all ? '' : done.map(({ delivery = 1 }) => delivery).join(' '),
    marksOf(done),
    done.some((one) => one.key) ? keysOf(done) : '',
    results.map(({ index }) => index).join(' '),
    results.map(({ result }) => result.length).join(' '),
    results.map(({ result }) => result).join(''),
  ]
}

export function followUps(done: Completion[]): [lines: string, payloads: string] {
  const list = done.flatMap(({ sends = [] }, i) => sends.map((one) => ({ ...one, which: i + 1, record: payload(one) })))
  const line = ({ which, to, id: name, delay, key: keyed, body = 'body', record }: (typeof list)[number]) =>
    `${which} ${to} ${id(name)} ${delay ?? '-'} ${keyed ? print({ body }) : '-'} ${record.length} -\n`
  return [list.map(line).join(''), list.map(({ record }) => record).join('')]
}

/** Where messages stand, as their receipts say. */
export function standing(list: Receipt[]): string {
  return list.some(({ group }) => group)
    ? list
        .map(({ group = '', sequence }) => (sequence ? `${group} ${String(sequence).padStart(16, '0')}` : group))
        .join('\n')
    : ''
}

export function receipts(list: Receipt[], now: number): string[] {
  return [
    joinedIds(list),
    list.map(({ delivery = 1 }) => delivery).join(' '),
    list.map(({ received = now }) => received).join(' '),
  ]
}
