// A partition with the batches on their way to it.
import { Batcher } from './batcher.ts'
import { Closed, Timeout } from './errors.ts'
import { lengthen } from './id.ts'
import type { Done, GivenBack, Outgoing, Receipt, Stored } from './redis/deliveries.ts'
import type { Partition } from './redis/partition.ts'
import type { Sent } from './sender.ts'

export interface Lane {
  partition: Partition
  sends: Batcher<Outgoing, Sent>
  /** Sends that may be here already: kept apart, so that the others need no look-up. */
  checkedSends: Batcher<Outgoing, Sent>
  completions: Batcher<Done, string>
  extensions: Batcher<Receipt & { visibility: number }, string>
  releases: Batcher<GivenBack, string>
}

/** What a lane needs of its queue. */
export interface LaneOwner {
  /** Run what needs the partition to be there. */
  run<T>(task: () => Promise<T>): Promise<T>
  /** What the sender of a message is told. */
  answer(message: Outgoing, stored: Stored): Sent | Error
  /** Told when a batch of plain sends has gone. */
  sent(): void
}

export function makeLane(partition: Partition, owner: LaneOwner): Lane {
  const send = async (batch: Outgoing[], deadline: number): Promise<(Sent | Error)[]> => {
    const stored = await owner.run(() => partition.send(batch, deadline))
    if (!stored) return batch.map(({ uuid }) => ({ id: uuid }))
    return batch.map((message, i) => owner.answer(message, stored[i] as Stored))
  }
  const complete = async (batch: Done[], deadline: number) => {
    const { outcomes } = await partition.work(batch, NO_REQUEST, deadline)
    return outcomes === '' ? new Array<string>(batch.length).fill('d') : [...outcomes]
  }
  return {
    partition,
    sends: new Batcher(send, lateSend, () => owner.sent()),
    checkedSends: new Batcher(send, lateSend),
    completions: new Batcher(complete, late),
    extensions: new Batcher(async (batch, deadline) => [...(await partition.extend(batch, deadline))], late),
    releases: new Batcher(async (batch, deadline) => [...(await partition.release(batch, deadline))], late),
  }
}

/** Reject what is not answered yet: the client closes. */
export function abandonLane(lane: Lane): void {
  for (const batcher of [lane.sends, lane.checkedSends]) {
    batcher.abandon(({ short }) =>
      withId(new Closed(`the client was closed; message ${lengthen(short)} may have been sent`), short),
    )
  }
  for (const batcher of [lane.completions, lane.extensions, lane.releases]) {
    batcher.abandon(() => new Closed('the client was closed before Redis answered'))
  }
}

const NO_REQUEST = { max: 0, returning: 0, visibility: undefined, wait: 0 }

function late(): Timeout {
  return new Timeout('no answer from Redis within the timeout; what was asked may have been done')
}

/** What the sender of a message is told that was not answered in time. */
export function lateSend({ short }: Outgoing, sent: boolean): Timeout {
  const id = lengthen(short)
  const text = sent
    ? `message ${id} may exist; sending again with \`id: '${id}'\` never doubles it`
    : `message ${id} was not sent`
  return withId(new Timeout(`no answer from Redis within the timeout: ${text}`), short)
}

function withId<E extends Timeout | Closed>(error: E, short: string): E {
  error.id = lengthen(short)
  return error
}
