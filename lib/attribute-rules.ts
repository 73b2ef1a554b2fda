// What attributes must be together: known only where those that are given meet those that are stored.
import type { Stored } from './attribute-fields.ts'
import { InvalidOption } from './errors.ts'

export function checkTogether(queue: string, stored: Stored, partitions: number): void {
  if (stored.delay > stored.retention) {
    throw new InvalidOption(
      `\`delay\` (${stored.delay} ms) of queue ${queue} must not be longer than \`retention\` (${stored.retention} ms): no message would ever be delivered`,
    )
  }
  if (!stored.fifo) return
  if (stored.fifoThroughputLimit === 'perMessageGroupId' && stored.deduplicationScope !== 'messageGroup') {
    throw new InvalidOption(
      "`fifoThroughputLimit` 'perMessageGroupId' needs `deduplicationScope` 'messageGroup', which is 'queue'",
    )
  }
  if (needsOnePartition(stored) && partitions !== 1) {
    throw new InvalidOption(
      `a FIFO queue with \`deduplicationScope\` 'queue' has exactly 1 partition, ${queue} has ${partitions}: set the scope to 'messageGroup'`,
    )
  }
}

/** A deduplication id that counts in the whole queue is looked up in one place. */
export function needsOnePartition(stored: Stored): boolean {
  return stored.fifo && stored.deduplicationScope === 'queue'
}
