// npm run bench [-- --quick] [--only <row>]… [--without <library>]… [--rounds n] [--write] [--list]
//               [--profile <folder>] [--against <folder of a built checkout>]
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import colours from 'picocolors'
import type { Library } from './adapter.ts'
import { compareWith } from './against.ts'
import { isPeer, names, type Round } from './bars.ts'
import { short } from './figures.ts'
import { machine } from './machine.ts'
import { ownRows } from './own-rows.ts'
import { buildProgram } from './program.ts'
import { progress } from './progress.ts'
import { showInReadme } from './readme.ts'
import { type OwnServer, startServer } from './redis-server.ts'
import { disturbance, markdownTables, type Result, terminalTables, versions } from './report.ts'
import { type Row, rows } from './rows.ts'
import { type Mode, measure, measureAlone, type Sample } from './run.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    without: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
    profile: { type: 'string' },
    against: { type: 'string' },
    write: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
})

const everyRow = [...rows, ...ownRows]
const plainRows = rows.filter(({ quick }) => !options.quick || quick !== false).map(({ id }) => id)

const mode: Mode = {
  program: await buildProgram(),
  quick: options.quick,
  rounds: Number(options.rounds ?? (options.quick ? 1 : 5)),
  duration: options.quick ? { warmUp: 0.3, seconds: 0.4 } : { warmUp: 1, seconds: 1.5 },
  profiles: options.profile,
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

if (options.list) console.log(everyRow.map(({ id, title }) => `${id.padEnd(14)}${title}`).join('\n'))
else if (options.against) console.log(await compareWith(options.against, choose(options.only ?? plainRows), mode))
else await main()

async function main(): Promise<void> {
  const chosen = choose(options.only)
  const server = await startServer()
  try {
    const results = await runAll(chosen, server)
    const about = `${versions(results)}\n${await machine(server)}`
    console.log(
      `\n${terminalTables(results)}\n${about}\nOther programs took ${disturbance(results)} cores meanwhile, on average.`,
    )
    if (options.write || (!options.quick && !options.only)) await write(results, about)
  } finally {
    await server.stop()
  }
}

function choose(only: string[] | undefined): Row[] {
  const unknown = only?.find((id) => !everyRow.some((row) => row.id === id))
  if (unknown) throw new Error(`no row is called ${unknown}; --list shows them`)
  const chosen = everyRow.filter(({ id, quick }) => (only ? only.includes(id) : !options.quick || quick !== false))
  return chosen.map((row) => ({ ...row, libraries: librariesOf(row) })).filter(({ libraries }) => libraries.length > 0)
}

/** The quick run leaves out whom no bar compares. */
function librariesOf(row: Row): Library[] {
  const compared = (library: Library) => row.bars.some(({ of }) => of === library || (of === 'best' && isPeer(library)))
  const wanted = (library: Library) => !options.quick || library === 'boomerang' || compared(library)
  return row.libraries.filter((library) => wanted(library) && !options.without.includes(library))
}

/** Round by round over all rows, library by library within a row: so slow minutes of the machine fall on everyone. */
async function runAll(chosen: Row[], server: OwnServer): Promise<Result[]> {
  const results = chosen.map((row) => ({ row, rounds: [] as Round[] }))
  for (let round = 0; round < mode.rounds; round += 1) {
    for (const { row, rounds } of results) {
      if (round >= (row.rounds ?? mode.rounds)) continue
      rounds.push(row.together ? await runTogether(row) : await runInTurn(row, round, server))
    }
  }
  return results
}

async function runInTurn(row: Row, round: number, server: OwnServer): Promise<Round> {
  const found: Round = {}
  const turn = round % 2 === 0 ? row.libraries : row.libraries.toReversed()
  for (const library of turn) {
    const label = `${round + 1}/${Math.min(mode.rounds, row.rounds ?? mode.rounds)}  ${row.title}: ${names[library]}`
    const sample = await progress(label, () => measure(row, library, mode, server), describe(row))
    if (sample) found[library] = sample
  }
  return found
}

async function runTogether(row: Row): Promise<Round> {
  const one = async (library: Library) => [library, await measureAlone(row, library, mode)] as const
  const everyone = () => Promise.all(row.libraries.map(one))
  const describeAll = (all: (readonly [Library, Sample])[]) =>
    all.map(([library, sample]) => `${names[library]} ${describe(row)(sample)}`).join(', ')
  return Object.fromEntries((await progress(`1/1  ${row.title}: side by side`, everyone, describeAll)) ?? [])
}

function describe({ unit }: Row): (sample: Sample) => string {
  return ({ figures }) => colours.bold(`${short(figures.value)} ${unit}`)
}

async function write(results: Result[], about: string): Promise<void> {
  const text = `# Results

Made by \`npm run bench${options.quick ? ' -- --quick' : ''}\`. What each row means: [README.md](README.md).

${about.replace('\n', '  \n')}  
${mode.rounds} rounds, the libraries taking turns. Medians, with the lowest and highest; "reached" is the median of the
rounds' ratios. Other programs on the machine took ${disturbance(results)} cores meanwhile, on average.

${markdownTables(results)}
`
  await writeFile(new URL('./RESULTS.md', import.meta.url), text)
  await showInReadme(text)
}
