import type { Scenario } from '../scenario.ts'
import killedWorkers from './killed-workers.ts'

/** In the order of the table. */
export const scenarios: Scenario[] = [killedWorkers]
