// What feeds a fetcher, and takes what it brings: its worker.
import type { Lane } from '../lib/lane.ts'
import type { Delivered, Done } from '../lib/redis/deliveries.ts'
import type { Watch } from '../lib/redis/watch.ts'
import type { Job } from './job.ts'

type Work = Lane['partition']['work']

/** How many messages to ask for, and of these how many that came back by expiry. */
export interface Appetite {
  max: number
  returning: number
  /** How many of one group on a FIFO queue, and of all noisy tenants on others; no limit where it is undefined. */
  each: number | undefined
}

/** What a fetcher needs of its worker. */
export interface Feeding {
  appetite(): Appetite
  /** ms for which messages are hidden. */
  visibility: number
  call(done: Done[], request: Parameters<Work>[1]): ReturnType<Work>
  /** Watch for wake-ups, from before the call that asks for them. */
  watch(): Watch
  /** When Redis last answered, by performance.now(). */
  answeredAt(): number
  received(messages: Delivered[], leaseFrom: number): void
  settled(job: Job, outcome: string): void
  /** What was done is not known to be safe at its level of durability. */
  unsettled(job: Job, error: Error): void
  idle(): void
  failed(error: Error): void
}
