// A worker in a process of its own. It writes down what it is given and what becomes of it. `stop` on its standard input
// stops it well.
import { createInterface } from 'node:readline'
import type { WorkerSetup } from './fleet.ts'
import { handling } from './handling.ts'
import { Recorder } from './recorder.ts'
import { system } from './system.ts'
import { vitals } from './vitals.ts'

// Threads of isolated handlers have no arguments of their own.
process.env.CHAOS_WORKER = process.argv[2] as string
const setup = JSON.parse(process.env.CHAOS_WORKER) as WorkerSetup
const { who, directory, on, place, settings } = setup
const recorder = new Recorder(directory, who)

const worker = await (await system(on)).work(place, settings, {
  handle: handling(setup, recorder),
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
