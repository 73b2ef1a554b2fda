// The handler of workers with `isolate`, in a thread of its own. It writes into the file of its process.
import type { HandlerContext, Message } from '../lib/index.ts'
import type { WorkerSetup } from './fleet.ts'
import { handling } from './handling.ts'
import type { Job } from './job.ts'
import { Recorder } from './recorder.ts'
import { deliveryOf } from './systems/boomerang-delivery.ts'

const setup = JSON.parse(process.env.CHAOS_WORKER as string) as WorkerSetup
const recorder = new Recorder(setup.directory, setup.who)
const handle = handling(setup, recorder)

export default async function (message: Message<Job>, { signal }: HandlerContext): Promise<void> {
  const delivery = deliveryOf(message)
  signal.addEventListener('abort', () => recorder.delivery('aborted', delivery, setup.settings.level))
  await handle(delivery)
}
