// Messages on their way from one partition to another, by the outbox of the first: each function is one script.
import type { Arg, Reply } from './connection.ts'
import type { Partition } from './partition.ts'
import { scripts } from './scripts.generated.ts'
import { text } from './wire.ts'

/** Who forwards, and for how long nobody else does. */
export interface Charge {
  client: string
  /** ms */
  lease: number
}

/** A message in the outbox. */
export interface Leaving {
  /** Of its place in the other queue; undefined as long as it has none. */
  place: number | undefined
  /** 16 digits. */
  number: string
  /** Dead letter, follow-up, or moved by a task. */
  kind: 'd' | 'f' | 'm'
  short: string
  /** ms, or '-' for the other queue's own. */
  delay: string
  deliveries: string
  firstReceivedAt: string
  enqueued: string
  print: string
  /** Digest of its idempotency key. */
  key: string | undefined
  dedup: string
  group: string | undefined
  record: Buffer
}

/** A message at the place to which it goes. */
export interface Arriving extends Leaving {
  /** The place is its home no longer: it is stored only if others of its group are there. */
  stay: boolean
}

const charged = ({ client, lease }: Charge) => [client, String(lease)]

/**
 * Take charge of the outbox; answers the queues for which it has something, page by page (the cursor is '' to begin, and at the end);
 * none where another is in charge.
 */
export async function takeCharge(partition: Partition, charge: Charge, cursor: string, deadline: number) {
  const reply = await partition.call(scripts.outbox, [...charged(charge), cursor], deadline)
  return { queues: (reply[1] as Reply[]).map(text), cursor: text(reply[2]) }
}

/** Entries for a queue: those that have their place there, from `from` on; else those that have none yet. 'lost': another is in charge. */
export async function entriesFor(
  partition: Partition,
  charge: Charge,
  queue: string,
  from: number,
  places: (string | number)[],
  deadline: number,
): Promise<Leaving[] | 'lost'> {
  const args = [...charged(charge), queue, String(from), places.join(' ')]
  const reply = await partition.call(scripts.forward, args, deadline)
  const what = text(reply[1])
  if (what === 'lost') return 'lost'
  const list = reply[2] as Buffer[]
  if (what === 'open') return list.map((line) => leavingOf(line, Buffer.alloc(0)))
  return Array.from({ length: list.length / 2 }, (_, i) => leavingOf(list[2 * i] as Buffer, list[2 * i + 1] as Buffer))
}

function leavingOf(line: Buffer, record: Buffer): Leaving {
  const words = text(line).split(' ')
  const place = words[0] === 'a' ? Number(words[2]) : undefined
  const number = words[place === undefined ? 2 : 3] as string
  const [kind, short, delay, deliveries, firstReceivedAt, enqueued, print, , key, dedup, group] = words.slice(
    place === undefined ? 4 : 5,
  ) as [Leaving['kind'], ...string[]]
  return {
    place,
    number,
    kind,
    short: short as string,
    delay: delay as string,
    deliveries: deliveries as string,
    firstReceivedAt: firstReceivedAt as string,
    enqueued: enqueued as string,
    print: print as string,
    key: key === '-' ? undefined : key,
    dedup: dedup as string,
    group: group === '' ? undefined : group,
    record,
  }
}

/**
 * Store messages where they go. Answers the last number that is dealt with, an outcome for each ('v': it belongs elsewhere; 'w': it
 * belongs here, and waits behind such a one), and the last sequence number there. Rejects where this process knows another map of the queue than the
 * partition: then the entries are to be read anew.
 */
export async function arrive(
  partition: Partition,
  source: string,
  above: number,
  messages: Arriving[],
  deadline: number,
): Promise<{ number: string; outcomes: string; sequence: number }> {
  const args: Arg[] = [source, String(above)]
  for (const one of messages) {
    const { number, kind, short, delay, deliveries, firstReceivedAt, enqueued, print, dedup, stay, record } = one
    const line = [number, kind, short, delay, deliveries, firstReceivedAt, enqueued, print, dedup, stay ? 1 : 0]
    args.push(line.join(' '), record)
  }
  const reply = await partition.call(scripts.arrive, args, deadline, 0)
  return { number: text(reply[1]), outcomes: text(reply[2]), sequence: Number(text(reply[3])) }
}

/** Entries up to a number have arrived; `places`: others go elsewhere. Answers whether the client is still in charge. */
export async function arrived(
  partition: Partition,
  charge: Charge,
  queue: string,
  place: number,
  number: string,
  places: (string | number)[],
  deadline: number,
): Promise<boolean> {
  const args = [...charged(charge), queue, String(place), number, places.join(' ')]
  return text((await partition.call(scripts.arrived, args, deadline))[1]) === 'removed'
}

/** The queue does not exist: what goes there becomes a dead letter here. Answers how many. */
export async function strand(partition: Partition, charge: Charge, queue: string, deadline: number): Promise<number> {
  return (await partition.call(scripts.strand, [...charged(charge), queue], deadline))[1] as number
}

/** A message that waits, and can be moved. */
export interface Found {
  short: string
  /** When it came, ms. */
  at: number
  /** Of its place in line on a FIFO queue, else 0. */
  number: number
  record: Buffer
}

/** What a task can move, page by page; the cursor is '' at the end. */
export async function survey(partition: Partition, before: number, cursor: string, limit: number, deadline: number) {
  const args = [String(before), Buffer.from(cursor, 'latin1'), String(limit)]
  const reply = await partition.call(scripts.survey, args, deadline)
  const list = reply[1] as Buffer[]
  const found: Found[] = []
  for (let i = 0; i < list.length; i += 4) {
    const [short, at, number] = [text(list[i]), Number(text(list[i + 1])), Number(text(list[i + 2]))]
    found.push({ short, at, number, record: list[i + 3] as Buffer })
  }
  return { found, cursor: text(reply[2]) }
}

/** Put messages into the outbox for a task. Answers how many it has moved here in all, and whether another runs it by now. */
export async function move(
  partition: Partition,
  task: { started: number; turn: number; to: string },
  counted: number,
  list: Pick<Found, 'short' | 'number'>[],
  deadline: number,
): Promise<{ moved: number; lost: boolean }> {
  const [ids, numbers] = [list.map(({ short }) => short).join(''), list.map(({ number }) => number).join(' ')]
  const args = [String(task.started), String(task.turn), String(counted), task.to, ids, numbers]
  const reply = await partition.call(scripts.move, args, deadline)
  return { moved: reply[2] as number, lost: text(reply[1]) === 'lost' }
}
