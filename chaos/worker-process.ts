// A worker in a process of its own. It writes down what it is given and what becomes of it. `stop` on its standard input
// stops it well.
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkerSetup } from './fleet.ts'
import type { Delivery } from './job.ts'
import { Recorder } from './recorder.ts'
import { system } from './system.ts'
import { vitals } from './vitals.ts'

const { who, directory, on, place, settings } = JSON.parse(process.argv[2] as string) as WorkerSetup
const recorder = new Recorder(directory, who)

const worker = await (await system(on)).work(place, settings, {
  async handle(delivery) {
    recorder.delivery('started', delivery, settings.level)
    await perform(delivery)
    recorder.delivery('ended', delivery, settings.level)
  },
  told: (event, delivery) => recorder.delivery(event, delivery, settings.level),
  trouble: (error) => recorder.trouble(error),
})
const stopVitals = vitals(recorder)

createInterface({ input: process.stdin }).on('line', async () => {
  stopVitals()
  await worker.stop()
  process.stdin.destroy()
})
console.log('working')

async function perform({ job: { deed, ms, effect } }: Delivery): Promise<void> {
  if (deed === 'kill') process.kill(process.pid, 'SIGKILL')
  if (deed === 'block' && first(effect)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  else await sleep(ms)
}

/** Nobody has begun with it before, whatever a system says about that. */
function first(effect: string): boolean {
  try {
    closeSync(openSync(join(directory, `${effect.replace('/', '-')}.begun`), 'wx'))
    return true
  } catch {
    return false
  }
}
