// Each script as a function: named arguments, and its reply by names.
import {
  type Completion,
  delaysOf,
  followUps,
  type Giving,
  joinedIds,
  keysOf,
  marksOf,
  print,
  type Receipt,
  type Received,
  receipts,
  receivedOf,
  request,
  type Sending,
  settling,
  standing,
  stored,
  type Wanting,
} from './arguments.ts'

export * from './arguments.ts'

import { id, key, mark, nameOf, type Stage } from './stage.ts'

export async function send(stage: Stage, now: number, ...list: Sending[]) {
  return stage.call('send', now, delaysOf(list), ...stored(list))
}

/** Outcomes, and for those that are not new the first message's name and result. */
export const sendOnce = (stage: Stage, now: number, ...list: Sending[]) => sendChecked(stage, now, '', ...list)
/** The same to a former home of the keys. */
export const sendToFormer = (stage: Stage, now: number, ...list: Sending[]) => sendChecked(stage, now, '1', ...list)

export async function sendChecked(stage: Stage, now: number, stay: string, ...list: Sending[]) {
  const [code, , outcomes, known] = await stage.call(
    'send_once',
    now,
    joinedIds(list),
    marksOf(list),
    keysOf(list),
    list.map(print).join(''),
    delaysOf(list),
    list.some(({ repeated }) => repeated) ? '1' : '',
    stay,
    ...stored(list),
  )
  if (code !== 'ok') return [code]
  const told = (known as string[]).map((text, i) => (i % 2 === 0 ? nameOf(text) : text))
  return [outcomes, ...told] as string[]
}

export async function receive(stage: Stage, now: number, wanting: Wanting = {}): Promise<Received> {
  const [code, ...rest] = await stage.call('receive', now, ...request(stage, wanting))
  if (code !== 'ok') throw new Error(`refused: ${code} ${rest.join(' ')}`)
  return receivedOf(rest)
}

/** Settle, and receive where `wanting.max` is not 0. */
export async function work(stage: Stage, now: number, done: Completion[], wanting: Wanting = { max: 0 }) {
  const [code, outcomes, ...rest] = await stage.call(
    'work',
    now,
    ...settling(done),
    ...request(stage, wanting),
    ...followUps(done),
  )
  if (code !== 'ok') throw new Error(`refused: ${code}`)
  return { outcomes: outcomes as string, received: rest.length > 0 ? receivedOf(rest) : undefined }
}

/** Outcome letters of completions. */
export async function complete(stage: Stage, now: number, ...done: Completion[]): Promise<string> {
  return (await work(stage, now, done)).outcomes
}

/** A heartbeat, which may come late. */
export async function beat(stage: Stage, now: number, ...list: (Receipt & { visibility: number })[]) {
  return extendBy(stage, now, '1', list)
}

export async function extend(stage: Stage, now: number, ...list: (Receipt & { visibility: number })[]) {
  return extendBy(stage, now, '', list)
}

async function extendBy(stage: Stage, now: number, late: string, list: (Receipt & { visibility: number })[]) {
  return stage.call(
    'extend',
    now,
    ...receipts(list, now),
    list.map(({ visibility }) => visibility).join(' '),
    standing(list),
    late,
  )
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
    standing(list),
  )
}

export async function claim(stage: Stage, now: number, lease: number, ...list: { id: string; key: string }[]) {
  return stage.call('claim', now, joinedIds(list), list.map((one) => key(one.key)).join(''), lease, '')
}

/** The same at a former home of the keys. */
export async function claimAtFormer(stage: Stage, now: number, lease: number, ...list: { id: string; key: string }[]) {
  return stage.call('claim', now, joinedIds(list), list.map((one) => key(one.key)).join(''), lease, '1')
}

export async function unclaim(stage: Stage, now: number, ...list: { id: string; key: string; done: boolean }[]) {
  const letters = list.map(({ done }) => (done ? 'y' : 'n')).join('')
  return stage.call('unclaim', now, joinedIds(list), list.map((one) => key(one.key)).join(''), letters, '', '')
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
  const reply = await stage.call('redrive', now, ids.map(id).join(''), limit, skip, '', '', 0)
  return reply[0] === 'ok' ? reply.slice(0, 3) : reply
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

/** A purge as a partition hears of it: a version that none had before, at the time of the purge. */
export async function purge(stage: Stage, now: number) {
  const version = Math.max(Number(await stage.meta('version')) + 1, now)
  return (await stage.call('configure', now, version, `purged ${version}`)).slice(0, 2)
}
