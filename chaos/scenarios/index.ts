import type { Scenario } from '../scenario.ts'
import blockedHandlers from './blocked-handlers.ts'
import bullmq3183 from './bullmq-3183.ts'
import bullmq4479 from './bullmq-4479.ts'
import bullmq4585 from './bullmq-4585.ts'
import celery10302 from './celery-10302.ts'
import clockOff from './clock-off.ts'
import * as killedRedis from './killed-redis.ts'
import killedWorkers, { fifo } from './killed-workers.ts'
import poison from './poison.ts'
import sentinelFailover from './sentinel-failover.ts'
import stoppedWorkers from './stopped-workers.ts'
import twoReleases from './two-releases.ts'

/** In the order of the table. */
export const scenarios: Scenario[] = [
  killedWorkers,
  fifo,
  stoppedWorkers,
  blockedHandlers,
  killedRedis.always,
  killedRedis.everysec,
  sentinelFailover,
  clockOff,
  poison,
  twoReleases,
  bullmq3183,
  bullmq4479,
  bullmq4585,
  celery10302,
]
