// Bytes a piece of work allocates on the heap: what every garbage collection found, summed. Exact to a collection's
// own bookkeeping, and without the cost of tracing.
import { GCProfiler, getHeapStatistics } from 'node:v8'

export async function allocatedDuring(work: () => Promise<void>): Promise<number> {
  const profiler = new GCProfiler()
  const start = getHeapStatistics().used_heap_size
  profiler.start()
  await work()
  const end = getHeapStatistics().used_heap_size
  let allocated = 0
  let level = start
  for (const { beforeGC, afterGC } of profiler.stop().statistics) {
    allocated += beforeGC.heapStatistics.usedHeapSize - level
    level = afterGC.heapStatistics.usedHeapSize
  }
  return allocated + end - level
}
