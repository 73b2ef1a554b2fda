// Levels of durability, as users say them (docs/durability.md).
import { InvalidOption } from './errors.ts'
import { flag, known, whole } from './options.ts'
import type { Level } from './redis/level.ts'

/**
 * When a call is answered: the master has it in memory; it is on the master's disk (`fsync`); so many replicas have it, too. An
 * object may ask for both.
 */
export type Durability = 'memory' | 'fsync' | { fsync?: boolean; replicas?: number }

/** Replicas that one may ask for. */
const MOST = 100

const FSYNC = level(true, 0) as Level

/** What was asked for; the `usual` level where nothing was, and nothing where memory will do. */
export function levelOf(asked: Durability | undefined, usual?: Level): Level | undefined {
  if (asked === undefined) return usual
  if (asked === 'memory') return undefined
  if (asked === 'fsync') return FSYNC
  if (asked === null || typeof asked !== 'object')
    throw new InvalidOption(`\`durability\` must be 'memory', 'fsync' or { fsync, replicas }, got ${String(asked)}`)
  known(asked, ['fsync', 'replicas'], 'durability')
  return level(
    flag(asked.fsync ?? false, 'durability.fsync'),
    whole(asked.replicas ?? 0, 'durability.replicas', 0, MOST),
  )
}

function level(fsync: boolean, replicas: number): Level | undefined {
  if (replicas === 0) return fsync ? { fsync, replicas, text: "'fsync'" } : undefined
  return { fsync, replicas, text: fsync ? `{ fsync: true, replicas: ${replicas} }` : `{ replicas: ${replicas} }` }
}
