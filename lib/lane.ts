// A partition with the batches on their way to it.
import { Batcher, type Load } from './batcher.ts'
import type { Dispatcher } from './dispatcher.ts'
import { Closed, NotDurable, Timeout } from './errors.ts'
import type { CompleteOptions } from './follow-ups.ts'
import { lengthen } from './id.ts'
import { digestOf } from './receipt.ts'
import { Receives } from './receives.ts'
import type { Done, FollowUp, GivenBack, Outgoing, Receipt } from './redis/deliveries.ts'
import type { Level } from './redis/level.ts'
import type { Partition } from './redis/partition.ts'
import type { Sent } from './sender.ts'

export interface Lane {
  /** Its calls are answered at the level of the lane. */
  partition: Partition
  /** The lane to the same partition in which calls are answered at a level: each has batches of its own. */
  at(level: Level | undefined): Lane
  /** By what a receipt names the partition. */
  digest: string
  /** One batch, of plain sends or of such that may be there already. */
  send(batch: Outgoing[], deadline: number): Promise<(Sent | Error)[]>
  sends: Batcher<Outgoing, Sent>
  /** Sends that may be here already: kept apart, so that the others need no look-up. */
  checkedSends: Batcher<Outgoing, Sent>
  /** Sends of tenants on a standard queue; those of a FIFO queue go in order (ordered-sends.ts). */
  groupedSends: Batcher<Outgoing, Sent>
  receives: Receives
  completions: Batcher<Done, string>
  extensions: Batcher<Receipt & { visibility: number }, string>
  releases: Batcher<GivenBack, string>
  /** Check messages that are to follow a completion here, and make them ready. */
  plan(options: CompleteOptions): Promise<FollowUp[] | undefined>
}

/** What a lane needs of its queue. */
export interface LaneOwner {
  /** Brings sends to where they belong. */
  dispatcher: Dispatcher
  /** A batch of plain sends has gone: the next one goes elsewhere. */
  turn(): void
  plan(options: CompleteOptions): Promise<FollowUp[] | undefined>
}

export function makeLane(
  partition: Partition,
  owner: LaneOwner,
  level: Level | undefined,
  other: (level: Level | undefined) => Lane,
): Lane {
  const plain = (batch: Outgoing[], deadline: number) => owner.dispatcher.plain(lane, batch, deadline)
  const checked = (batch: Outgoing[], deadline: number) => owner.dispatcher.checked(batch, deadline)
  const grouped = (batch: Outgoing[], deadline: number) => owner.dispatcher.grouped(batch, deadline)
  const complete = async (batch: Done[], deadline: number) => {
    const { outcomes } = await partition.work(batch, NO_REQUEST, deadline)
    return outcomes === '' ? new Array<string>(batch.length).fill('d') : [...outcomes]
  }
  const late = () => (level ? undurable('what was asked', level) : tooLate())
  const lane: Lane = {
    partition,
    at: (asked) => (asked?.text === level?.text ? lane : other(asked)),
    digest: digestOf(partition.tag),
    send: (batch, deadline) => {
      if (batch[0]?.group !== undefined) return grouped(batch, deadline)
      return batch.some(({ key, repeated }) => key !== undefined || repeated)
        ? checked(batch, deadline)
        : plain(batch, deadline)
    },
    sends: new Batcher(plain, lateSend, { onBatch: () => owner.turn() }),
    checkedSends: new Batcher(checked, lateSend),
    groupedSends: new Batcher(grouped, lateSend),
    receives: new Receives(partition, late),
    completions: new Batcher(complete, late),
    extensions: new Batcher(async (batch, deadline) => [...(await partition.extend(batch, deadline))], late),
    releases: new Batcher(async (batch, deadline) => [...(await partition.release(batch, deadline))], late),
    plan: (options) => owner.plan(options),
  }
  return lane
}

/** Reject what is not answered yet: the client closes. */
export function abandonLane(lane: Lane): void {
  for (const batcher of [lane.sends, lane.checkedSends, lane.groupedSends]) abandonSends(batcher)
  for (const batcher of [lane.completions, lane.extensions, lane.releases]) {
    batcher.abandon(() => new Closed('the client was closed before Redis answered'))
  }
}

export function abandonSends(batcher: Batcher<Outgoing, Sent>): void {
  batcher.abandon(({ short }) =>
    withId(new Closed(`the client was closed; message ${lengthen(short)} may have been sent`), short),
  )
}

/** Bytes of a completion beside its result, and of an entry in the outbox beside its payload. */
const [COMPLETION, ENTRY] = [100, 200]

/** What a completion adds to a batch: what follows it counts, too. */
export function loadOf({ result, followUps = [] }: Pick<Done, 'result' | 'followUps'>): Load {
  const bytes = followUps.reduce((sum, { message }) => sum + ENTRY + message.payload.length, result?.length ?? 0)
  return { bytes: COMPLETION + bytes, weight: 1 + followUps.length }
}

const NO_REQUEST = { max: 0, returning: 0, visibility: undefined, wait: 0 }

function tooLate(): Timeout {
  return new Timeout('no answer from Redis within the timeout; what was asked may have been done')
}

/** What was done, or may have been, has not reached its level in time. */
function undurable(what: string, { text }: Level): NotDurable {
  return new NotDurable(`${what} may have been done, and was not confirmed at durability ${text} within the timeout`)
}

/** What the sender of a message is told that was not answered in time. */
export function lateSend(message: Outgoing, sent: boolean): Timeout | NotDurable {
  const { short, level } = message
  const id = lengthen(short)
  message.told = true
  const again = `message ${id} may exist; sending again with \`id: '${id}'\` never doubles it`
  if (sent && level)
    return withId(new NotDurable(`not confirmed at durability ${level.text} within the timeout: ${again}`), short)
  const text = sent ? again : `message ${id} was not sent`
  return withId(new Timeout(`no answer from Redis within the timeout: ${text}`), short)
}

function withId<E extends Timeout | Closed | NotDurable>(error: E, short: string): E {
  error.id = lengthen(short)
  return error
}

/** Whether a call that was on its way had no answer in time. */
export const isLate = (error: unknown) => error instanceof Timeout || error instanceof NotDurable
