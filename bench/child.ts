// One library, one measure, one run, in a process of its own.
import { type Library, openAdapter, type Server } from './adapter.ts'
import type { Duration, Figures } from './measure.ts'
import { type Measurement, measures } from './measures/index.ts'

export interface Order {
  library: Library
  measurement: Measurement
  duration: Duration
  server: Server
}

export interface Report {
  figures: Figures
  version: string
  /** Seconds of CPU this process has used. */
  processor: number
}

process.once('disconnect', () => process.exit(1)) // the parent is gone

const { library, measurement, duration, server } = JSON.parse(process.argv[2] ?? '') as Order
const adapter = await openAdapter(library, server)
const measure = measures[measurement.measure]
const figures = await measure(adapter, measurement.settings as never, duration, server)
const { user, system } = process.cpuUsage()
const report: Report = { figures, version: adapter.version, processor: (user + system) / 1e6 }
process.send?.(report, () => process.exit(0))
