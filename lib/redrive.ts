// Dead letters go back into their queue. A letter with a key claims it again, one with a group joins it again; and once the
// number of partitions has changed they may belong in another partition: then the message is stored there before its letter goes.
import type { Backend } from './backend.ts'
import type { Content } from './content.ts'
import { lengthen } from './id.ts'
import { groupHash, hashOfKey } from './key.ts'
import type { Lane } from './lane.ts'
import { groupOf, keyOf } from './record.ts'
import type { Letter, Outgoing, Routing, Stored } from './redis/deliveries.ts'
import { byMap, MOVED, routed } from './route.ts'

/** What a letter says (lua/_bury.lua). */
export function opened(letter: Buffer) {
  const [head, deliveries, attempts, first, size, print] = /^(\d+) (\d+) (\d+) (\d+) (\S+) /.exec(
    letter.toString('latin1', 0, 100),
  ) as unknown as [string, string, string, string, string, string]
  const from = head.length
  const reason = letter.toString('utf8', from, from + Number(size))
  return { deliveries, attempts, first, print, reason, record: letter.subarray(from + Number(size)) }
}

/** Letters of one partition: those of the ids, else the oldest. Answers how many are back, and how many stayed. */
export async function redrive(backend: Backend, lane: Lane, ids: string, limit: number, skip: number) {
  const { redriven, duplicates, homed } = await byMap(backend, (map, how) =>
    lane.partition.redrive({ ids, limit, skip, apart: map.changed }, backend.deadline(), how),
  )
  // Those of a group one after another, in the order in which they died.
  const lines = new Map<string, Outgoing[]>()
  for (const message of homed.map((letter) => messageOf(backend.shared.content, letter))) {
    const line = message.group ?? `\n${message.short}`
    lines.set(line, [...(lines.get(line) ?? []), message])
  }
  let back = 0
  const one = async (line: Outgoing[]) => {
    for (const message of line) if (await redriveHomed(backend, lane, message)) back++
  }
  await Promise.all([...lines.values()].map(one))
  return { took: redriven + back, stayed: duplicates + homed.length - back }
}

/** What is stored where a letter's message goes to another partition. It is told by its id, never by what deduplicated it when it was sent. */
function messageOf(content: Content, { short, letter }: Letter): Outgoing {
  const { record, print } = opened(letter)
  const key = keyOf(record)
  return {
    short,
    uuid: lengthen(short),
    payload: record,
    delay: 0,
    key,
    print: key === undefined ? undefined : print === '-' ? content.printOf(record) : print,
    group: groupOf(record),
    dedup: undefined,
    repeated: true,
  }
}

/**
 * A letter that has a home by its group, or else by its key. Answers whether it is back: not when its key is pending or done
 * by another message. What of its group is at a former home goes first: it gets a number above those that were given there.
 */
async function redriveHomed(backend: Backend, here: Lane, message: Outgoing): Promise<boolean> {
  const { short, key, group } = message
  const hash = group === undefined ? hashOfKey(key as string) : groupHash(group)
  let above = 0
  const ask = async (lane: Lane, how: Routing): Promise<boolean | typeof MOVED> => {
    if (lane === here) {
      const { redriven, moved, last } = await here.partition.redrive({ ids: short, above }, backend.deadline(), how)
      if (how.stay) above = Math.max(above, last)
      return moved === 1 ? MOVED : redriven === 1
    }
    const { outcome, last } = await store(lane, message, backend.deadline(), how, above)
    if (how.stay) above = Math.max(above, last)
    if (outcome === 'v') return MOVED
    // 's': an earlier try stored it, and died before its letter was gone.
    const there = outcome === 'n' || outcome === 's'
    if (there) await here.partition.discard(short, 0, backend.deadline())
    return there
  }
  const [back] = await routed<Outgoing, boolean>(
    backend,
    [message],
    (map) => map.candidates(hash),
    async (lane, _, how) => [await ask(lane, how)],
  )
  if (back instanceof Error) throw back
  return back as boolean
}

async function store({ partition }: Lane, message: Outgoing, deadline: number, how: Routing, above: number) {
  if (message.group === undefined) {
    const [stored] = (await partition.send([message], deadline, how)) as [Stored]
    return { ...stored, last: 0 }
  }
  const { stored, last } = await partition.sendGrouped([message], deadline, how, above)
  return { ...(stored[0] as Stored), last }
}
