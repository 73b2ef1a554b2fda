import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './commands.ts'
import type { Count } from './count.ts'
import { countFile } from './count-reporter.ts'

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const reporters = ['--reporter=default', '--reporter=./test/runner/count-reporter.ts']

export async function runVitest(directory: string, args: string[]): Promise<Count> {
  const file = join(directory, 'count.json')
  const code = await run(process.execPath, [vitest, 'run', ...reporters, ...args], {
    directory,
    env: { [countFile]: file },
  })
  const count = readCount(file)
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
}

function readCount(file: string): Count {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
