// npx tsx bench/http.ts [--quick] [--only <row>]… [--without <side>]… [--rounds n] [--list] [--write]
// The SQS endpoint beside another server, by the same requests. Needs redis-server and the built package.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { short } from './figures.ts'
import { installFauxqs, NODE } from './http/fauxqs.ts'
import { measure } from './http/measure.ts'
import { type Result, type Round, table } from './http/report.ts'
import { type Row, rowsOf } from './http/rows.ts'
import { type Means, SIDES } from './http/sides.ts'
import { machine } from './machine.ts'
import { buildProgram } from './program.ts'
import { startServer } from './redis-server.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    without: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
    list: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const { quick, without } = options
const rounds = Number(options.rounds ?? (quick ? 1 : 5))
const rows = rowsOf({ quick, ...(quick ? { warmUp: 0.5, seconds: 1 } : { warmUp: 2, seconds: 4 }) })

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

if (options.list) console.log(rows.map(({ id, title }) => `${id.padEnd(15)}${title}`).join('\n'))
else await main(chosen())

/** By the name of a row, or its beginning. */
function chosen(): Row[] {
  const wanted = ({ id }: Row) => !options.only || options.only.some((name) => id === name || id.startsWith(`${name}-`))
  const found = rows
    .filter(wanted)
    .map((row) => ({ ...row, sides: row.sides.filter((side) => !without.includes(side)) }))
  if (found.length === 0) throw new Error('no such row; --list shows them')
  return found.filter(({ sides }) => sides.length > 0)
}

async function main(all: Row[]): Promise<void> {
  const [load, bare] = [await buildProgram('./http/load.ts'), await buildProgram('./http/bare.ts')]
  const fauxqs = await installFauxqs()
  const redis = await startServer()
  try {
    const results = all.map((row): Result => ({ row, rounds: [] }))
    for (let round = 0; round < rounds; round++) {
      for (const { row, rounds: found } of results)
        found.push(await runInTurn(row, round, { redis, fauxqs, bare }, load))
    }
    const text = `${table(results)}\n\n${await machine(redis)}; servers on Node ${NODE}, which fauxqs needs, unless it is said. ${rounds} rounds, the servers taking turns.`
    console.log(`\n${text}`)
    if (options.write)
      await writeFile(new URL('./HTTP.md', import.meta.url), `# Results of the SQS endpoint\n\n${text}\n`)
  } finally {
    await redis.stop()
  }
}

/** The other way round in every second round. */
async function runInTurn(row: Row, round: number, means: Means, program: string): Promise<Round> {
  const found: Round = {}
  for (const side of round % 2 === 0 ? row.sides : row.sides.toReversed()) {
    try {
      const figures = await measure(row, side, means, program)
      found[side] = figures
      const told = row.shown.map((figure) => `${figure} ${short(figures[figure])}`).join(', ')
      console.log(`${round + 1}/${rounds}  ${row.title}: ${SIDES[side]}: ${told}`)
    } catch (error) {
      console.log(`${round + 1}/${rounds}  ${row.title}: ${SIDES[side]}: ${(error as Error).message}`)
    }
  }
  return found
}
