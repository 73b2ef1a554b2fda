// npm run chaos: lets things go wrong, and sees what holds.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import colours from 'picocolors'
import { terminalProgress } from './progress.ts'
import { writePage } from './report/page.ts'
import { lineOf } from './report/report.ts'
import { play, type Result } from './run.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'
import type { SystemName } from './system.ts'

/** Quick runs wait most of the time. */
const SIDE_BY_SIDE = 3
const SYSTEMS: SystemName[] = ['boomerang', 'bullmq', 'bee-queue']

interface Options {
  quick: boolean
  only?: string[]
  on: SystemName | 'all'
  seed?: number
  keep?: string
  write: boolean
  atOnce?: number
  list: boolean
}

const seed = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a seed is a whole number, 0 or more')
  return value
}

const atLeastOne = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('expected a whole number, 1 or more')
  return Number(text)
}

const options = new Command('npm run chaos --')
  .description('Real servers and processes, real faults; then what was acknowledged is compared with what took place.')
  .option('--quick', 'each scenario in seconds', false)
  .option('--only <scenarios...>', 'these alone; --list names them')
  .addOption(new Option('--on <system>', 'which queue library').choices([...SYSTEMS, 'all']).default('boomerang'))
  .option('--seed <number>', 'as a line of an earlier run says it', seed)
  .option(
    '--at-once <n>',
    `so many runs side by side: faster, and figures of times that say less (1; ${SIDE_BY_SIDE} when quick)`,
    atLeastOne,
  )
  .option('--keep <folder>', 'leave what was recorded there')
  .option('--write', 'write docs/reliability.md and its plots', false)
  .option('--list', 'the scenarios', false)
  .parse()
  .opts<Options>()

const names = scenarios.map(({ name }) => name)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const widest = Math.max(...names.map(({ length }) => length))

if (options.list) for (const { name, fault } of scenarios) console.log(`${name.padEnd(widest)}  ${fault}`)
else await main(chosen(options.only))

async function main(list: Scenario[]): Promise<void> {
  const waiting = list.flatMap((scenario) => systemsOf(scenario).map((on) => ({ scenario, on })))
  let passed = 0
  const failed: string[] = []
  const goOn = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await one(next.scenario, next.on)
      if (result && options.write) writePage([result], names)
      // What others do is reported; what Boomerang does must hold.
      if (next.on !== 'boomerang') continue
      if (result?.violations.length === 0) passed++
      else failed.push(next.scenario.name)
    }
  }
  const atOnce = options.atOnce ?? (options.quick ? SIDE_BY_SIDE : 1)
  await Promise.all(Array.from({ length: atOnce }, goOn))
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`)
  console.log(`\n${passed} passed, ${failed.length} failed`)
  process.exitCode = failed.length === 0 ? 0 : 1
}

async function one(scenario: Scenario, on: SystemName): Promise<Result | undefined> {
  const number = options.seed ?? Math.floor(Math.random() * 2 ** 31)
  const keep = options.keep === undefined ? undefined : join(options.keep, `${scenario.name}-${on}`)
  const progress = terminalProgress(scenario.name, on)
  try {
    const result = await play(scenario, { seed: number, quick: options.quick, on, keep, progress: progress.show })
    progress.end(lineOf(result))
    if (keep !== undefined) keepResult(keep, result)
    return result
  } catch (error) {
    progress.end(`${colours.red('✗')} ${scenario.name} on ${on}, seed ${number}: ${(error as Error).message}`)
    return undefined
  }
}

function keepResult(folder: string, result: Result): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result))
}

function systemsOf({ on }: Scenario): SystemName[] {
  return on.filter((name) => options.on === 'all' || name === options.on)
}

function chosen(only: string[] | undefined): Scenario[] {
  const unknown = only?.find((name) => !scenarios.some((scenario) => scenario.name === name))
  if (unknown !== undefined) {
    console.error(`No scenario is called ${unknown}; --list shows them.`)
    process.exit(2)
  }
  const wanted = only === undefined ? scenarios : scenarios.filter(({ name }) => only.includes(name))
  return wanted.filter((scenario) => systemsOf(scenario).length > 0)
}
