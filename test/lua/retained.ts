// A partition whose messages are kept for a minute.
import { useStage } from './partition.ts'
import type { Part } from './stage.ts'

/** ms. */
export const R = 60_000

export function useRetention() {
  const stage = useStage()
  return {
    stage,
    make: (attributes: Record<string, number> = {}) => stage.make({ retention: R, visibility: 30_000, ...attributes }),
    size: (part: Part) => stage.redis.zcard(stage.keys[part]),
    held: () => stage.redis.hlen(stage.keys.messages),
  }
}

/** Names of messages that were sent at a time. */
export const many = (count: number, at: number) => Array.from({ length: count }, (_, i) => `m${i}@${at}`)
