// What must hold of groups after each script: every message that carries one has its place, every group stands where it should.
import { keysOf, PARTS } from '../../lib/redis/keys.ts'
import type { Reader } from './sound.ts'

type Scores = Map<string, number>

/** What is wrong, and the messages that wait with a group. `ready` are those that wait without; `stored` the records. */
export async function groupFaults(redis: Reader, tag: string, ready: string[], stored: Record<string, string>) {
  const keys = Object.fromEntries(keysOf(tag).map((name, i) => [PARTS[i], name])) as Record<string, string>
  const scores = async (part: string): Promise<Scores> => {
    const list = await redis.zrange(keys[part] as string, 0, -1, 'WITHSCORES')
    return new Map(list.flatMap((text, i) => (i % 2 === 0 ? [[text, Number(list[i + 1])] as const] : [])))
  }
  const [grouped, inflight, order, groups, noisy, tenants, meta] = await Promise.all([
    scores('grouped'),
    scores('inflight'),
    scores('order'),
    scores('groups'),
    scores('noisy'),
    redis.hgetall(keys['tenants'] as string),
    redis.hgetall(keys['meta'] as string),
  ])
  const fifo = meta['fifo'] === '1'
  const found: string[] = []
  const say = (fault: boolean, text: string) => fault && found.push(text)
  const groupOf = (id: string) => groupIn(stored[id])
  for (const id of ready) say(groupOf(id) !== '', `${id} is in ready, but has a group`)
  for (const id of grouped.keys()) say(groupOf(id) === '', `${id} is in grouped, but has no group`)
  if (grouped.size > 0) say(!fifo && meta['fair'] !== '1', 'the partition does not say that it has groups')

  const expected = new Set(grouped.keys())
  if (fifo) for (const id of inflight.keys()) expected.add(id)
  const heads = new Map<string, string>()
  const placed = new Set<string>()
  for (const place of order.keys()) {
    const [, group, number, id] = /^([!-~]+) (\d{16})(.{20})$/.exec(place) as unknown as [
      string,
      string,
      string,
      string,
    ]
    say(placed.has(id), `${id} has two places in order`)
    say(!expected.has(id), `${id} has a place in order, but is not in line`)
    say(groupOf(id) !== group, `${id} stands in line of ${group}, but has the group ${groupOf(id)}`)
    if (!fifo)
      say(
        Number(number) !== grouped.get(id),
        `${id} stands at ${number} in order, but at ${grouped.get(id)} in grouped`,
      )
    if (!heads.has(group)) heads.set(group, id)
    placed.add(id)
  }
  for (const id of expected) say(!placed.has(id), `${id} has no place in order`)

  for (const [group, head] of heads) {
    const here = [groups.get(group), noisy.get(group)]
    const [at, deadline] = [grouped.get(head), inflight.get(head)]
    const flying = Number(tenants[group] ?? 0)
    const ahead = `${at},`
    const aside = fifo ? `,${(deadline ?? 0) / 1000}` : `,${flying}`
    const right = fifo
      ? [at === undefined ? aside : ahead]
      : flying < Number(meta['noisyInFlight'] ?? 30)
        ? [ahead]
        : [ahead, aside]
    say(
      !right.includes(here.map((score) => score ?? '').join()),
      `group ${group} stands at ${here}, not at ${right.join(' or ')}`,
    )
  }
  for (const group of [...groups.keys(), ...noisy.keys()]) say(!heads.has(group), `group ${group} has nothing in line`)

  const flying: Record<string, string> = {}
  for (const id of inflight.keys()) {
    const group = groupOf(id)
    if (group !== '' && !fifo) flying[group] = String(Number(flying[group] ?? 0) + 1)
  }
  for (const group of new Set([...Object.keys(tenants), ...Object.keys(flying)])) {
    say(tenants[group] !== flying[group], `${group} has ${flying[group]} in flight, not ${tenants[group]}`)
  }
  return { found, grouped: [...grouped.keys()] }
}

/** The group in a record; '' where there is none. */
function groupIn(record: string | undefined): string {
  return /^(?:a|A.{22})([^\n]*)\n/.exec(record ?? '')?.[1] ?? ''
}
