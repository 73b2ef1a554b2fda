import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runQuietly } from './commands.ts'
import { type Count, single, total } from './count.ts'
import { leftBehind } from './left-behind.ts'
import { provideServer } from './provide-server.ts'
import { provideValkey } from './provide-valkey.ts'
import { runVitest } from './vitest.ts'

/** The exit code. All that the run puts on disk goes into one directory, which is removed at the end. */
export async function main(vitestArguments: string[]): Promise<number> {
  const missing = await provideServer()
  if (missing) {
    console.error(missing)
    return 1
  }
  const untested = await provideValkey()
  const directory = mkdtempSync(join(tmpdir(), 'boomerang-run-'))
  try {
    const count = await runAll(directory, vitestArguments)
    if (untested) console.log(`\n${untested}`)
    return report(count)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function runAll(directory: string, vitestArguments: string[]): Promise<Count> {
  heading('Types')
  const types = single(await runQuietly('npm', ['run', '--silent', 'check'], directory))
  heading('Lint')
  const lint = single(await runQuietly('npm', ['run', '--silent', 'lint'], directory))
  heading('Tests')
  const tests = await runVitest(directory, vitestArguments)
  heading('Nothing left behind')
  const survivors = await leftBehind(directory)
  for (const survivor of survivors) console.log(`still running: ${survivor}`)
  return total([types, lint, tests, single(survivors.length === 0)])
}

function report({ passed, failed, skipped }: Count): number {
  if (skipped > 0) console.log(`\n${skipped} skipped`)
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function heading(text: string): void {
  console.log(`\n== ${text}`)
}
