// Programs that a test starts again and again: built once, each starts in a third of the time.
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll } from 'vitest'
import { buildProgram } from '../../bench/program.ts'
import { type Program, startProgram } from '../harness/programs.ts'

const folders = new Set<string>()

// A process that runs tests is not asked before it ends.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Starts a program of this folder, which is told its setup. */
export async function startBuilt(file: string, setup: object, env: Record<string, string> = {}): Promise<Program> {
  const path = await buildProgram(new URL(file, import.meta.url))
  folders.add(dirname(path))
  return startProgram(path, { args: [JSON.stringify(setup)], env, plain: true })
}
