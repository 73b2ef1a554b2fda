import type { Scenario } from '../scenario.ts'
import * as killedRedis from './killed-redis.ts'
import killedWorkers from './killed-workers.ts'

/** In the order of the table. */
export const scenarios: Scenario[] = [killedWorkers, killedRedis.always, killedRedis.everysec]
