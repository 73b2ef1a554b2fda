// One of several worker processes: its parent says what to do. When the parent is gone it stops well.
import { exitCodeOf, explained } from '../exit.ts'
import type { News, Order } from './messages.ts'
import type { Setup } from './setup.ts'
import { Shift } from './shift.ts'

let shift: Shift | undefined

process.on('message', (order: Order) => {
  if (order.do === 'work') void work(order.setup)
  else if (order.do === 'stop') shift?.stop(order.why)
  else if (order.do === 'force') shift?.force(order.why)
  else if (shift) tell({ is: 'report', number: order.number, report: shift.report() })
})
process.on('disconnect', () => shift?.stop('the parent process is gone'))
// A terminal sends Ctrl-C to the children too: the parent passes its meaning on.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => shift?.stop('SIGTERM'))

async function work(setup: Setup): Promise<void> {
  shift = new Shift(setup)
  try {
    process.exit(await shift.work(() => tell({ is: 'ready' })))
  } catch (error) {
    process.stderr.write(`${explained(error, setup.log.verbose)}\n`)
    process.exit(exitCodeOf(error))
  }
}

function tell(news: News): void {
  if (process.connected) process.send?.(news)
}
