// The scripts about groups as functions: named arguments, and their replies by names.
import {
  type Completion,
  followUps,
  joinedIds,
  keysOf,
  marksOf,
  payload,
  print,
  receivedOf,
  request,
  type Sending,
  settling,
  standing,
  type Wanting,
} from './calls.ts'
import { key, nameOf, type Stage } from './stage.ts'

export interface GroupSending extends Sending {
  group: string
  /** What it is deduplicated by. */
  dedup?: string
}

/** A record with a group in its head, and nothing else there. */
export function grouped({ group, key: name, ...rest }: GroupSending): string {
  return `${name ? `A${key(name)}` : 'a'}${group}\n0 0\n${payload(rest)}`
}

/** Outcomes; what is known of those that are not new (name and result, in turns); sequence numbers; the last one given. */
export async function sendGrouped(
  stage: Stage,
  now: number,
  list: GroupSending[],
  { stay = false, above = 0 } = {},
): Promise<{ outcomes: string; known: string[]; sequences: number[]; last: number }> {
  const [code, , outcomes, known, sequences, last] = await stage.call(
    'send_grouped',
    now,
    joinedIds(list),
    marksOf(list),
    keysOf(list),
    list.map(print).join(''),
    list.some(({ delay }) => delay !== undefined) ? list.map(({ delay }) => delay ?? '-').join(' ') : '',
    list.some(({ repeated }) => repeated) ? '1' : '',
    list.map(({ group }) => group).join(' '),
    list.some(({ dedup }) => dedup) ? list.map(({ dedup }) => dedup as string).join(' ') : '',
    stay ? '1' : '',
    above,
    ...list.flatMap((one) => [joinedIds([one]), grouped(one)]),
  )
  if (code !== 'ok') throw new Error(`refused: ${code}`)
  return {
    outcomes: outcomes as string,
    known: (known as string[]).map((text, i) => (i % 2 === 0 ? nameOf(text) : text)),
    sequences: (sequences as string).split(' ').map(Number),
    last: Number(last),
  }
}

export interface GroupWanting extends Wanting {
  /** How many of one group. */
  each?: number
}

/** Settle, and receive where `wanting.max` is not 0: what came, by name, with sequence numbers and whether each had passed its deadline. */
export async function workGrouped(stage: Stage, now: number, done: Completion[], wanting: GroupWanting = { max: 0 }) {
  const [code, outcomes, ...rest] = await stage.call(
    'work_grouped',
    now,
    ...settling(done),
    standing(done),
    ...request(stage, wanting),
    wanting.each ?? wanting.max ?? 1,
    ...followUps(done),
  )
  if (code !== 'ok') throw new Error(`refused: ${code}`)
  const marks = ((rest[4] ?? '') as string).match(/.{17}/g) ?? []
  return {
    outcomes: outcomes as string,
    ...(rest.length > 0 ? receivedOf(rest) : receivedOf(['', '', '0 0 0 0 0 0', []])),
    sequences: marks.map((mark) => Number(mark.slice(0, 16))),
    came: marks.map((mark) => mark.slice(16)).join(''),
  }
}

export const receiveGrouped = (stage: Stage, now: number, wanting: GroupWanting = { max: 1 }) =>
  workGrouped(stage, now, [], wanting)

/** The outcome letters of completions. */
export async function completeGrouped(stage: Stage, now: number, ...done: Completion[]): Promise<string> {
  return (await workGrouped(stage, now, done)).outcomes
}
