// Tells the runner what vitest counted, in a file.
import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'
import type { Count } from './count.ts'

export const countFile = 'BOOMERANG_COUNT_FILE'

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const file = process.env[countFile]
    if (file) writeFileSync(file, JSON.stringify(count(modules, errors.length)))
  }
}

/** An error outside of any test, such as a file that could not be loaded or a failing hook, is a failure too. */
function count(modules: readonly TestModule[], errors: number): Count {
  const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()])
  const broken = suites.reduce((sum, suite) => sum + suite.errors().length, 0)
  const of = (state: string) => states.filter((each) => each === state).length
  return { passed: of('passed'), failed: of('failed') + broken + errors, skipped: of('skipped') }
}
