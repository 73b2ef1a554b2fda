// Runs one measure of one library in a fresh process against an emptied Redis.
import { fork } from 'node:child_process'
import { cpus } from 'node:os'
import type { Library } from './adapter.ts'
import type { Order, Report } from './child.ts'
import type { Duration } from './measure.ts'
import type { Measurement } from './measures/index.ts'
import { processorTime } from './redis-info.ts'
import { type OwnServer, startServer } from './redis-server.ts'
import type { Row } from './rows.ts'

export interface Sample extends Report {
  /** CPU cores that other programs on the machine kept busy meanwhile. */
  others: number
}

export interface Mode {
  /** The file that a child process runs. */
  program: string
  quick: boolean
  rounds: number
  duration: Duration
  /** Where each run leaves a CPU profile of its process. */
  profiles?: string | undefined
}

export async function measure(row: Row, library: Library, mode: Mode, server: OwnServer): Promise<Sample> {
  await server.control.flushall('SYNC')
  await server.control.config('RESETSTAT')
  const settings = mode.quick ? { ...row.settings, ...(row.quick || {}) } : row.settings
  const measurement = { measure: row.measure, settings } as Measurement
  const redisBefore = await processorTime(server.control)
  const machineBefore = machineTime()
  const began = performance.now()
  const order = { library, measurement, duration: mode.duration, server: { port: server.port } }
  const report = await inChild(order, mode)
  const seconds = (performance.now() - began) / 1000
  const redis = ((await processorTime(server.control)) - redisBefore) / 1e6
  const others = Math.max(0, machineTime() - machineBefore - redis - report.processor) / seconds
  return { ...report, others }
}

/** The same against a Redis that nobody else uses. */
export async function measureAlone(row: Row, library: Library, mode: Mode): Promise<Sample> {
  const server = await startServer()
  try {
    return await measure(row, library, mode, server)
  } finally {
    await server.stop()
  }
}

function inChild(order: Order, { program, profiles }: Mode): Promise<Report> {
  const profiling = profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : []
  const child = fork(program, [JSON.stringify(order)], { execArgv: profiling })
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${order.library} ended with code ${code} and no figures`)))
  })
}

/** Seconds of CPU that all programs together have used. */
function machineTime(): number {
  const busy = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq)
  return busy.reduce((sum, time) => sum + time, 0) / 1000
}
