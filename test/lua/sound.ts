// What must hold after each script, whatever it did. Groups: group-faults.ts.
import type { Cluster, Redis } from 'ioredis'
import { keysOf } from '../../lib/redis/keys.ts'
import { groupFaults } from './group-faults.ts'

/** Reads of a partition that both stores and all their clients have. */
export type Reader = Pick<Redis | Cluster, 'zrange' | 'hkeys' | 'hgetall'>

/**
 * What is wrong with a partition: every message is in exactly one state, and nothing is kept for a message that is gone.
 * An empty list when all is well.
 */
export async function faults(redis: Reader, tag: string): Promise<string[]> {
  const [ready, inflight, messages, receives, keys, results, expiries, , , , , dead, letters, , , outbox] = keysOf(
    tag,
  ) as string[]
  const members = async (key: string | undefined) => redis.zrange(key as string, 0, -1)
  const fields = async (key: string | undefined) => redis.hkeys(key as string)
  const moving = await members(outbox)
  const [waiting, hidden, put, stored, texts, noted] = await Promise.all([
    members(ready),
    members(inflight),
    members(dead),
    redis.hgetall(messages as string),
    fields(letters),
    fields(receives),
  ])
  const [pending, kept, times] = await Promise.all([redis.hgetall(keys as string), fields(results), members(expiries)])
  const { found, grouped } = await groupFaults(redis, tag, waiting, stored)
  const alive = [...waiting, ...grouped, ...hidden]
  const seen = new Set<string>()
  for (const id of [...alive, ...put]) {
    if (seen.has(id)) found.push(`${id} is in more than one state`)
    seen.add(id)
  }
  same(found, 'messages', Object.keys(stored), 'ready and in flight', alive)
  // What moves is no message of this partition any more: its record is kept by the number of its entry.
  const leaving = moving.map((entry) => `>${/^(?:q \S+|a \S+ \d+ \d+) (\d{16}) /.exec(entry)?.[1]}`)
  same(found, 'letters', texts, 'dead and outbox', [...put, ...leaving])
  same(found, 'results', kept, 'expiries', times)
  for (const id of noted) if (!(id in stored)) found.push(`receives has ${id}, which is gone`)
  for (const [digest, text] of Object.entries(pending)) {
    const holder = text.slice(1, 21)
    if (!text.startsWith('p')) continue
    if (keyOf(stored[holder]) !== digest) found.push(`key ${digest} is pending for ${holder}, which does not have it`)
  }
  for (const [id, record] of Object.entries(stored)) {
    const digest = keyOf(record)
    if (hasOrigin(record)) continue // it holds no key as long as it is a dead letter
    if (digest && !pending[digest]?.startsWith(`p${id}`)) found.push(`the key of ${id} is not pending`)
  }
  return found
}

/** The key in a record: after its kind, which is a capital then. */
function keyOf(record: string | undefined): string | undefined {
  return /^[A-Z](.{22})/.exec(record ?? '')?.[1]
}

function hasOrigin(record: string): boolean {
  return /^(?:a|A.{22})[^\n]*\n[1-9]/.test(record)
}

function same(found: string[], name: string, list: string[], other: string, expected: string[]): void {
  const [here, there] = [new Set(list), new Set(expected)]
  for (const one of here) if (!there.has(one)) found.push(`${one} is in ${name}, but not in ${other}`)
  for (const one of there) if (!here.has(one)) found.push(`${one} is in ${other}, but not in ${name}`)
}
