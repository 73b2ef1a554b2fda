// Programs that a test starts again and again: built once, each starts in a third of the time.
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll } from 'vitest'
import { buildProgram } from '../../bench/program.ts'
import { type Program, startProgram } from '../harness/programs.ts'

const built = new Map<string, Promise<string>>()

// A process that runs tests is not asked before it ends.
afterAll(async () => {
  for (const path of built.values()) rmSync(dirname(await path), { recursive: true, force: true })
})

/** Starts a program of this folder, which is told its setup. */
export async function startBuilt(file: string, setup: object, env: Record<string, string> = {}): Promise<Program> {
  const path = built.get(file) ?? buildProgram(new URL(file, import.meta.url))
  built.set(file, path)
  return startProgram(await path, { args: [JSON.stringify(setup)], env, plain: true })
}
