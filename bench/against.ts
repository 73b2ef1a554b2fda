// This tree's build against another's: the same rows by the same program, taking turns, for what a change costs.
import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import Table from 'cli-table3'
import colours from 'picocolors'
import { median, short } from './figures.ts'
import type { Figures } from './measure.ts'
import { buildProgram } from './program.ts'
import { progress } from './progress.ts'
import { startServer } from './redis-server.ts'
import type { Row } from './rows.ts'
import { type Mode, measure } from './run.ts'

type Side = 'there' | 'here'

interface Pair {
  row: Row
  there: Figures[]
  here: Figures[]
}

const tolerance = 0.05

/** A table of medians: there, here, and their ratio, for each row's value and its costs in Redis and Node. */
export async function compareWith(folder: string, rows: Row[], mode: Mode): Promise<string> {
  const programs = { there: await programIn(resolve(folder)), here: mode.program }
  const pairs = rows.map((row): Pair => ({ row, there: [], here: [] }))
  const server = await startServer()
  try {
    for (let round = 0; round < mode.rounds; round += 1) {
      for (const pair of pairs.filter(({ row }) => round < (row.rounds ?? mode.rounds))) {
        const turn: Side[] = round % 2 === 0 ? ['there', 'here'] : ['here', 'there']
        for (const side of turn) {
          const one = () => measure(pair.row, 'boomerang', { ...mode, program: programs[side] }, server)
          const label = `${round + 1}/${pair.row.rounds ?? mode.rounds}  ${pair.row.id}, ${side}`
          const sample = await progress(label, one, ({ figures }) => `${short(figures.value)} ${pair.row.unit}`)
          if (sample) pair[side].push(sample.figures)
        }
      }
    }
  } finally {
    await server.stop()
  }
  return tableOf(pairs)
}

async function programIn(folder: string): Promise<string> {
  await access(join(folder, 'dist/lib/index.js')).catch((cause) => {
    throw new Error(`${folder} is no checkout that is built: npm run build there`, { cause })
  })
  return buildProgram(undefined, join(folder, 'dist'))
}

function tableOf(pairs: Pair[]): string {
  const head = ['figure', 'there', 'here', 'here / there', `not more than ${tolerance * 100} % worse`]
  const table = new Table({ head, style: { head: [], border: [] } })
  table.push(...pairs.flatMap(lines))
  return `${table}`
}

function lines({ row, there, here }: Pair): string[][] {
  const names = Object.keys(here[0] ?? {}).filter((name) => name === 'value' || /^µs of (Redis|Node)$/.test(name))
  return names.flatMap((name) => {
    const [before, after] = [there, here].map((list) => list.flatMap((figures) => figures[name] ?? []))
    if (!before?.length || !after?.length) return []
    const ratio = median(after) / median(before)
    const moreIsBetter = name === 'value' && (row.unit === 'messages/s' || row.bars.some((bar) => 'atLeast' in bar))
    const held = moreIsBetter ? ratio >= 1 - tolerance : ratio <= 1 + tolerance
    return [
      [
        `${row.id}: ${name === 'value' ? row.unit : name}`,
        short(median(before)),
        short(median(after)),
        ratio.toFixed(3),
        held ? colours.green('yes') : colours.red('no'),
      ],
    ]
  })
}
