// Each script as a function: named arguments, and its reply by names.
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
  visibility?: number
  wait?: number
  inbox?: string
  client?: string
  attempt?: number
  again?: boolean
}

export interface Receipt {
  id: string
  delivery?: number
  received?: number
}

export interface Completion extends Receipt {
  key?: string
  result?: string
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
  records: string[]
}

const NO_KEY = ' '.repeat(22)
const names = (joined: string): string[] => (joined.match(/.{20}/g) ?? []).map(nameOf)
const joinedIds = (list: { id: string }[]): string => list.map((one) => id(one.id)).join('')

export const payload = ({ body = 'body', key: name }: Sending): string => (name ? `T${key(name)}${body}` : `t${body}`)

/** The digest by which payloads under one key are compared. */
export const print = ({ body = 'body' }: Partial<Sending>): string => payloadDigest(Buffer.from(body))

/** A dead letter as it is stored: its numbers, reason and record. */
export function letter(numbers: string, reason: string, record = 'tbody', digest = '-'): string {
  return `${numbers} ${reason.length} ${digest} ${reason}${record}`
}

export async function send(stage: Stage, now: number, ...list: Sending[]) {
  return stage.call('send', now, delaysOf(list), ...stored(list))
}

/** Outcomes, and for those that are not new the first message's name and result. */
export async function sendOnce(stage: Stage, now: number, ...list: Sending[]) {
  const [code, , outcomes, known] = await stage.call(
    'send_once',
    now,
    joinedIds(list),
    list.map((one) => mark(one.id)).join(''),
    list.map((one) => (one.key ? key(one.key) : NO_KEY)).join(''),
    list.map(print).join(''),
    delaysOf(list),
    list.some(({ repeated }) => repeated) ? '1' : '',
    ...stored(list),
  )
  if (code !== 'ok') return [code]
  const told = (known as string[]).map((text, i) => (i % 2 === 0 ? nameOf(text) : text))
  return [outcomes, ...told] as string[]
}

function delaysOf(list: Sending[]): string {
  return list.some(({ delay }) => delay !== undefined) ? list.map(({ delay }) => delay ?? '-').join(' ') : ''
}

function stored(list: Sending[]): string[] {
  return list.flatMap((one) => [id(one.id), payload(one)])
}

let attempts = 0

function request(stage: Stage, wanting: Wanting): (string | number)[] {
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
    wanting.again ? '1' : '',
  ]
}

function received([joined, histories, numbers, records]: unknown[]): Received {
  const [fence, receivedAt, visibility, due, returned] = (numbers as string).split(' ').map(Number) as number[]
  return { ids: names(joined as string), histories, fence, receivedAt, visibility, due, returned, records } as Received
}

export async function receive(stage: Stage, now: number, wanting: Wanting = {}): Promise<Received> {
  const [code, ...rest] = await stage.call('receive', now, ...request(stage, wanting))
  if (code !== 'ok') throw new Error(`refused: ${code} ${rest.join(' ')}`)
  return received(rest)
}

/** Settle, and receive where `wanting.max` is not 0. */
export async function work(stage: Stage, now: number, done: Completion[], wanting: Wanting = { max: 0 }) {
  const results = done.flatMap(({ result }, i) => (result === undefined ? [] : [{ index: i + 1, result }]))
  const all = done.every(({ delivery = 1 }) => delivery === 1)
  const [code, outcomes, ...rest] = await stage.call(
    'work',
    now,
    joinedIds(done),
    all ? '' : done.map(({ delivery = 1 }) => delivery).join(' '),
    done.map((one) => mark(one.id)).join(''),
    done.some((one) => one.key) ? done.map((one) => (one.key ? key(one.key) : NO_KEY)).join('') : '',
    results.map(({ index }) => index).join(' '),
    results.map(({ result }) => result.length).join(' '),
    results.map(({ result }) => result).join(''),
    ...request(stage, wanting),
  )
  if (code !== 'ok') throw new Error(`refused: ${code}`)
  return { outcomes: outcomes as string, received: rest.length > 0 ? received(rest) : undefined }
}

/** Outcome letters of completions. */
export async function complete(stage: Stage, now: number, ...done: Completion[]): Promise<string> {
  return (await work(stage, now, done)).outcomes
}

export async function extend(stage: Stage, now: number, ...list: (Receipt & { visibility: number })[]) {
  return stage.call('extend', now, ...receipts(list, now), list.map(({ visibility }) => visibility).join(' '))
}

export async function release(stage: Stage, now: number, ...list: Giving[]) {
  const reasons = list.map(({ reason = '' }) => reason)
  return stage.call(
    'release',
    now,
    ...receipts(list, now),
    list.map(({ how = 'counted' }) => how[0]).join(''),
    list.map(({ delay = 0 }) => delay).join(' '),
    reasons.map((reason) => reason.length).join(' '),
    reasons.join(''),
  )
}

function receipts(list: Receipt[], now: number): string[] {
  return [
    joinedIds(list),
    list.map(({ delivery = 1 }) => delivery).join(' '),
    list.map(({ received = now }) => received).join(' '),
  ]
}

export async function claim(stage: Stage, now: number, lease: number, ...list: { id: string; key: string }[]) {
  return stage.call('claim', now, joinedIds(list), list.map((one) => key(one.key)).join(''), lease)
}

export async function unclaim(stage: Stage, now: number, ...list: { id: string; key: string; done: boolean }[]) {
  const letters = list.map(({ done }) => (done ? 'y' : 'n')).join('')
  return stage.call('unclaim', now, joinedIds(list), list.map((one) => key(one.key)).join(''), letters)
}

/** State, value and name of the message. */
export async function result(
  stage: Stage,
  now: number,
  of: { id?: string; key?: string; wait?: number; inbox?: string },
): Promise<unknown[]> {
  const short = of.id ? id(of.id) : ''
  const [code, state, value, about] = await stage.call(
    'result',
    now,
    short,
    of.id ? mark(of.id) : '',
    of.key ? key(of.key) : '',
    of.wait ?? 0,
    stage.inbox(of.inbox ?? 'inbox'),
  )
  return code === 'ok' ? [state, value, nameOf(about as string)] : [code]
}

export async function redrive(
  stage: Stage,
  now: number,
  options: { ids?: string[]; limit?: number; skip?: number } = {},
) {
  const { ids = [], limit = 100, skip = 0 } = options
  return stage.call('redrive', now, ids.map(id).join(''), limit, skip)
}

export async function discard(stage: Stage, now: number, options: { ids?: string[]; limit?: number } = {}) {
  return stage.call('discard', now, (options.ids ?? []).map(id).join(''), options.limit ?? 100)
}

/** Name, score and history of each. */
export async function peek(
  stage: Stage,
  now: number,
  state: string,
  from: { score?: string; skip?: number; limit?: number } = {},
) {
  const [code, list] = await stage.call('peek', now, state, from.score ?? '-inf', from.skip ?? 0, from.limit ?? 10)
  if (code !== 'ok') throw new Error(`refused: ${code}`)
  const flat = list as string[]
  return Array.from({ length: flat.length / 4 }, (_, i) => [
    nameOf(flat[4 * i] as string),
    ...flat.slice(4 * i + 1, 4 * i + 3),
  ])
}

export const purge = (stage: Stage, now: number) => stage.call('purge', now)
