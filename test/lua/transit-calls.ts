// The scripts by which messages leave a partition and come to another, as functions.
import { keyOf } from '../../lib/record.ts'
import { key as digestOf, id, nameOf, type Stage } from './stage.ts'

/** What is in the outbox: numbers are shown from 1 on, in the order in which they were given. */
export async function outboxOf(stage: Stage): Promise<string[]> {
  const lines = await stage.redis.zrange(stage.keys.outbox, 0, -1)
  return lines.map((line) => stage.shown(line).trimEnd())
}

export async function outbox(stage: Stage, now: number, client = 'client', lease = 1_000): Promise<unknown> {
  const [code, queues] = await stage.call('outbox', now, client, lease, '')
  return code === 'ok' ? queues : code
}

export interface Forwarded {
  what: string
  entries: { line: string; record: string }[]
}

export async function forward(
  stage: Stage,
  now: number,
  queue: string,
  { client = 'client', from = 0, places = [] as (string | number)[] } = {},
): Promise<Forwarded> {
  const [, what, list] = await stage.call('forward', now, client, 1_000, queue, from, places.join(' '))
  const flat = list as string[]
  const step = what === 'addressed' ? 2 : 1
  const entries = Array.from({ length: flat.length / step }, (_, i) => ({
    line: flat[step * i] as string,
    record: step === 2 ? (flat[2 * i + 1] as string) : '',
  }))
  return { what: what as string, entries }
}

export const numberOf = (line: string): string => line.split(' ')[line.startsWith('a') ? 3 : 2] as string

/** Give all entries of a queue a place, and answer them. */
export async function addressed(stage: Stage, now: number, queue: string, place = 0): Promise<Forwarded> {
  const open = await forward(stage, now, queue)
  const places = open.entries.flatMap(({ line }) => [numberOf(line), place])
  return forward(stage, now, queue, { places })
}

export interface Coming {
  number: number | string
  kind?: 'd' | 'f' | 'm'
  id: string
  body?: string
  /** Put in front of the body instead of 't': a head. */
  record?: string
  delay?: number | '-'
  deliveries?: number
  first?: number
  enqueued?: number
  print?: string
  dedup?: string
  stay?: boolean
}

/** Number and outcomes. */
export async function arrive(stage: Stage, now: number, ...list: Coming[]): Promise<unknown[]> {
  const args = list.flatMap((one) => {
    const { kind = 'd', delay = 0, deliveries = 1, first = 0, enqueued = 0, print = '-', dedup = '-', stay } = one
    const number = String(one.number).padStart(16, '0')
    const line = [number, kind, id(one.id), delay, deliveries, first, enqueued, print, dedup, stay ? 1 : 0].join(' ')
    return [line, one.record ?? `t${one.body ?? 'body'}`]
  })
  const [code, number, outcomes] = await stage.call('arrive', now, 'other', 0, ...args)
  return code === 'ok' ? [Number(number), outcomes] : [code]
}

export async function arrived(
  stage: Stage,
  now: number,
  queue: string,
  number: string,
  { client = 'client', place = 0, places = [] as (string | number)[] } = {},
): Promise<unknown> {
  return (await stage.call('arrived', now, client, 1_000, queue, place, number, places.join(' ')))[1]
}

export async function strand(stage: Stage, now: number, queue: string): Promise<unknown> {
  return (await stage.call('strand', now, 'client', 1_000, queue))[1]
}

/** What is said, and how many were moved in all. */
export async function move(
  stage: Stage,
  now: number,
  ids: string[],
  { task = now, turn = 1, counted = 0, to = '' } = {},
): Promise<unknown[]> {
  const lines = await stage.redis.zrange(stage.keys.order, 0, -1)
  const numbers = ids.map((name) => Number(lines.find((line) => line.endsWith(id(name)))?.slice(-36, -20) ?? 0))
  return (await stage.call('move', now, task, turn, counted, to, ids.map(id).join(''), numbers.join(' '))).slice(1)
}

/** Names and times, and the cursor. */
export async function survey(stage: Stage, now: number, { before = now, cursor = '', limit = 100 } = {}) {
  const [, list, next] = await stage.call('survey', now, before, cursor, limit)
  const flat = list as string[]
  const found = Array.from({ length: flat.length / 4 }, (_, i) => [
    nameOf(flat[4 * i] as string),
    Number(flat[4 * i + 1]),
  ])
  return { found, cursor: next as string }
}

/** A record that came from a dead-letter move. */
export function dead(
  source: string,
  reason: string,
  { key, group = '', body = 'body', at = 0 }: { key?: string; group?: string; body?: string; at?: number } = {},
): string {
  const origin = `${source} ${at} ${reason}`
  return `${key ? `A${digestOf(key)}` : 'a'}${group}\n${origin.length} 0\n${origin}t${body}`
}

export const keyIn = (record: string): string | undefined => keyOf(Buffer.from(record))
