import type { Scenario } from '../scenario.ts'
import blockedHandlers from './blocked-handlers.ts'
import bullmq3183 from './bullmq-3183.ts'
import bullmq4378 from './bullmq-4378.ts'
import bullmq4479 from './bullmq-4479.ts'
import bullmq4585 from './bullmq-4585.ts'
import busyScript from './busy-script.ts'
import celery10302 from './celery-10302.ts'
import clientKill from './client-kill.ts'
import clientPause from './client-pause.ts'
import clockOff from './clock-off.ts'
import clusterFailover from './cluster-failover.ts'
import cutReplies from './cut-replies.ts'
import fullMemory from './full-memory.ts'
import halfOpen from './half-open.ts'
import isolatedHandlers from './isolated-handlers.ts'
import * as killedRedis from './killed-redis.ts'
import killedWorkers, { fifo } from './killed-workers.ts'
import * as partitioned from './partitioned-master.ts'
import poison from './poison.ts'
import scriptFlush from './script-flush.ts'
import sentinelFailover from './sentinel-failover.ts'
import sleepingRedis from './sleeping-redis.ts'
import slowReplica from './slow-replica.ts'
import soak from './soak.ts'
import soakFifo from './soak-fifo.ts'
import stoppedWorkers from './stopped-workers.ts'
import twoReleases from './two-releases.ts'

/** In the order of the table. */
export const scenarios: Scenario[] = [
  killedWorkers,
  fifo,
  stoppedWorkers,
  blockedHandlers,
  isolatedHandlers,
  killedRedis.always,
  killedRedis.everysec,
  sentinelFailover,
  clusterFailover,
  partitioned.one,
  partitioned.two,
  partitioned.bounded,
  halfOpen,
  cutReplies,
  clientKill,
  clientPause,
  scriptFlush,
  busyScript,
  sleepingRedis,
  fullMemory,
  slowReplica,
  clockOff,
  poison,
  twoReleases,
  soak,
  soakFifo,
  bullmq3183,
  bullmq4378,
  bullmq4479,
  bullmq4585,
  celery10302,
]
