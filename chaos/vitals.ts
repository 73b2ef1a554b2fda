// How a process is, once a second: what must not grow in a long run.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { now, type Recorder } from './recorder.ts'

const EVERY = 1000

/** Begins to write them; the answer ends it. */
export function vitals(recorder: Recorder): () => void {
  const delay = monitorEventLoopDelay()
  delay.enable()
  const timer = setInterval(() => {
    globalThis.gc?.()
    const heap = Math.round((process.memoryUsage().heapUsed / 2 ** 20) * 10) / 10
    const active = process.getActiveResourcesInfo()
    const sockets = active.filter((name) => name === 'TCPSocketWrap').length
    const lag = Math.round(delay.max / 1e6)
    recorder.write({ event: 'vitals', t: now(), heap, sockets, handles: active.length, lag })
    delay.reset()
  }, EVERY)
  return () => {
    clearInterval(timer)
    delay.disable()
  }
}
