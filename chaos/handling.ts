// What a handler does, in whichever process or thread it runs.
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkerSetup } from './fleet.ts'
import type { Delivery, Job } from './job.ts'
import type { Recorder } from './recorder.ts'

export function handling({ directory, settings }: WorkerSetup, recorder: Recorder) {
  return async (delivery: Delivery): Promise<void> => {
    recorder.delivery('started', delivery, settings.level)
    await perform(delivery.job, directory)
    recorder.delivery('ended', delivery, settings.level)
  }
}

async function perform({ deed, ms, effect }: Job, directory: string): Promise<void> {
  if (deed === 'kill') process.kill(process.pid, 'SIGKILL')
  if (deed !== 'block') await sleep(ms)
  else if (first(effect, directory)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** Nobody has begun with it before, whatever a system says about that. */
function first(effect: string, directory: string): boolean {
  try {
    closeSync(openSync(join(directory, `${effect.replace('/', '-')}.begun`), 'wx'))
    return true
  } catch {
    return false
  }
}
