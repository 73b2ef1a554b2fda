// A process that forwards messages, or runs a move task, and is killed before one of its steps.
import { connect, type Where } from '../../lib/index.ts'
import { dieBefore } from './dying.ts'

export interface MoverSetup {
  where: Where
  namespace: string
  what: 'forward' | 'move'
  /** Of both queues: '.fifo' behind their names. */
  fifo?: boolean
  /** Counted from the first that forwards, or from the one that makes the task. */
  step: number
}

const { where, namespace, what, fifo, step } = JSON.parse(process.argv[2] as string) as MoverSetup
const [source, dead] = fifo ? ['source.fifo', 'dead.fifo'] : ['source', 'dead']
const client = await connect(where, { namespace })
client.shared.outbox.lease = 50
// Others look soon.
client.shared.errands.period = 50
;(client.moves as unknown as { mover: { tasks: { lease: number } } }).mover.tasks.lease = 50
// Should it not come so far, it ends well, and the test finds all done.
setTimeout(() => process.exit(0), 10_000).unref()
dieBefore(client, step, what === 'move' ? 'task' : 'outbox', () => process.kill(process.pid, 'SIGKILL'))
if (what === 'forward') {
  const { lanes } = await client.queue(source).backend.open()
  await Promise.all(lanes.map(({ partition }) => client.shared.outbox.forward(partition)))
} else {
  await client.moves.start({ from: dead })
  while ((await client.moves.list(dead))[0]?.status === 'RUNNING')
    await new Promise((resolve) => setTimeout(resolve, 20))
}
await client.close()
