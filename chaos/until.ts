// Waiting for what is to come about, with an end.
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from './recorder.ts'

/** ms for which anything is waited for. */
export const PATIENCE = 60_000
/** ms between two looks. */
export const PAUSE = 100

/** It was waited for in vain. */
export class Stuck extends Error {}

/** Rejects with Stuck. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = now() + PATIENCE; !(await condition()); ) {
    if (now() > end) throw new Stuck(`waited in vain until ${what}`)
    await sleep(PAUSE)
  }
}
