import type { Message } from '../../lib/index.ts'
import type { Delivery, Job } from '../job.ts'

/** Of a message as a worker, or the thread of an isolated handler, has it. */
export function deliveryOf({ body, id, deliveries, fence, group }: Message<Job>): Delivery {
  return { job: body, id, receive: deliveries, fence, group }
}
