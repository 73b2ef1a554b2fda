// docs/reliability.md shows the newest run of each scenario; what it shows is kept beside it, with a plot of each. The README
// shows some of them in short.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { machineWith } from '../../bench/machine.ts'
import { serverBinary } from '../../test/harness/server-binary.ts'
import type { Result } from '../run.ts'
import type { SystemName } from '../system.ts'
import { plot } from './plot.ts'

type Row = Omit<Result, 'series' | 'violations'> & { violations: number; example: string | undefined; machine: string }

const page = new URL('../../docs/reliability.md', import.meta.url)
const readme = new URL('../../README.md', import.meta.url)
const folder = new URL('../../docs/reliability/', import.meta.url)
const figures = new URL('figures.json', folder)
const between = /(<!-- chaos:start -->\n)[\s\S]*?(<!-- chaos:end -->)/
const SYSTEMS: SystemName[] = ['boomerang', 'bullmq', 'bee-queue']
/** For the README. */
const CHOSEN = [
  'killed-workers',
  'stopped-workers',
  'blocked-handlers',
  'poison',
  'killed-redis-always',
  'sentinel-failover',
  'partitioned-master',
  'half-open',
  'cut-replies',
  'full-memory',
  'soak',
]
const LOST = 'lost of acknowledged, '

/** `order`: the names of all scenarios. Rows of those that are not among the results stay as they are. */
export function writePage(results: Result[], order: string[]): void {
  const fresh = results.map(rowOf)
  const same = (one: Row, other: Row) => one.scenario === other.scenario && one.on === other.on
  const kept = stored().filter((row) => order.includes(row.scenario) && !fresh.some((other) => same(row, other)))
  const rows = [...kept, ...fresh].sort((one, other) => order.indexOf(one.scenario) - order.indexOf(other.scenario))
  mkdirSync(folder, { recursive: true })
  for (const result of results) writeFileSync(new URL(`${result.scenario}-${result.on}.svg`, folder), plot(result))
  writeFileSync(figures, `${JSON.stringify(rows, null, 2)}\n`)
  insert(page, table(rows, 'row', cell))
  const few = rows.filter(({ scenario }) => CHOSEN.includes(scenario))
  insert(readme, table(few, 'line', short))
}

function insert(file: URL, text: string): void {
  const old = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    old.replace(between, (_, start, end) => `${start}\n${text}\n\n${end}`),
  )
}

function rowOf({ series: _, violations, ...result }: Result): Row {
  return {
    ...result,
    violations: violations.length,
    example: violations[0] && brief(violations[0]),
    machine: machine(),
  }
}

/** A line for a cell: of what a process said at its end only the beginning, and no folder of this machine. */
const brief = (text: string) => (text.split('\n')[0] as string).replace(/\/\S*node_modules\//, '').slice(0, 160)

function stored(): Row[] {
  return existsSync(figures) ? JSON.parse(readFileSync(figures, 'utf8')) : []
}

function table(rows: Row[], what: 'row' | 'line', cell: (row: Row | undefined) => string): string {
  const version = (name: SystemName) => rows.find(({ on }) => on === name)?.version ?? ''
  const head = [
    'fault',
    `Boomerang ${version('boomerang')}`,
    `BullMQ ${version('bullmq')}`,
    `bee-queue ${version('bee-queue')}`,
  ]
  const scenarios = [...new Set(rows.map(({ scenario }) => scenario))]
  const lines = scenarios.map((name) => {
    const own = rows.filter(({ scenario }) => scenario === name)
    const of = (system: SystemName) => own.find(({ on }) => on === system)
    const { fault, why, stage } = own[0] as Row
    const whole = `**${name}**: ${fault}${why === undefined ? '' : `<br>${why}`}<br>${stage}`
    return [what === 'row' ? whole : fault, ...SYSTEMS.map((system) => cell(of(system)))]
  })
  const machines = [...new Set(rows.map((row) => row.machine))]
  return [
    machines.join('  \n'),
    '',
    ...[head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n')
}

function cell(row: Row | undefined): string {
  if (!row) return '–'
  const { scenario, on, acknowledged, violations, example, seed, seconds, quick } = row
  const held = violations === 0 ? 'all held' : `**${violations} did not hold**, such as: ${example}`
  const told = Object.entries(row.figures).map(([name, value]) => `${name}: ${value}`)
  const run = `${acknowledged} acknowledged in ${seconds} s${quick ? ', the quick run' : ''}; seed ${seed}`
  return [`[${held}](reliability/${scenario}-${on}.svg)`, run, ...told].join('<br>')
}

/** Whether all held, and what was lost at which level. */
function short(row: Row | undefined): string {
  if (!row) return '–'
  const lost = Object.entries(row.figures).filter(([name]) => name.startsWith(LOST))
  const told = lost.map(([name, value]) => `${name.slice(LOST.length)}: ${value}`)
  return [row.violations === 0 ? 'all held' : `**${row.violations} did not hold**`, `lost, ${told.join('; ')}`].join(
    '<br>',
  )
}

function machine(): string {
  return machineWith(execFileSync(serverBinary() ?? '', ['--version'], { encoding: 'utf8' }).match(/v=(\S+)/)?.[1])
}
