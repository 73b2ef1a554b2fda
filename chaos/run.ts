// One run of one scenario: begin, let the fault happen, heal, let everything come to its end, and compare.
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fleet, type ProducerSetup, standingStill, type WorkerSetup } from './fleet.ts'
import { acknowledged, History } from './history.ts'
import { violations } from './invariants.ts'
import { program } from './programs.ts'
import { random } from './random.ts'
import { type MarkLine, now } from './recorder.ts'
import { type Cast, type Circumstances, type Figures, type Run, type Scenario, type Stage, USUAL } from './scenario.ts'
import { type Place, type SystemName, system, type Watcher, type WorkerSettings } from './system.ts'
import { type Counts, Tally } from './tally.ts'
import { PATIENCE, PAUSE, Stuck, until } from './until.ts'

export interface Settings {
  seed: number
  quick: boolean
  on: SystemName
  /** Where the recorder's files stay; removed with their directory unless given. */
  keep?: string | undefined
  /** Told now and then how far it is. */
  progress(phase: string, counts: Counts): void
}

export interface Result {
  scenario: string
  fault: string
  why: string | undefined
  stage: string
  on: SystemName
  version: string
  seed: number
  quick: boolean
  seconds: number
  sent: number
  acknowledged: number
  /** Sentences; none when all held. */
  violations: string[]
  figures: Figures
  /** For the plot: ms from the first send. */
  series: { sent: number[]; ended: number[]; marks: Array<{ t: number; text: string }> }
}

/** Keys of completed effects that are tried again at the end. */
const TRIED = 200

const WORKER: WorkerSettings = {
  concurrency: 10,
  visibility: 2000,
  maxReceives: 100,
  level: 'memory',
  derived: false,
}

export async function play(scenario: Scenario, settings: Settings): Promise<Result> {
  const directory = settings.keep ?? mkdtempSync(join(tmpdir(), 'boomerang-chaos-'))
  mkdirSync(directory, { recursive: true })
  // What an earlier run has left there would be taken for this one's.
  for (const name of readdirSync(directory)) if (/\.(?:lines|begun)$/.test(name)) rmSync(join(directory, name))
  const began = now()
  const about: Circumstances = { quick: settings.quick, on: settings.on, random: random(settings.seed) }
  const stage = await scenario.stage(about)
  try {
    const played = await perform(scenario, stage, about, directory, settings)
    const { version } = await system(settings.on)
    const { fault, name, why } = scenario
    const { quick, on, seed } = settings
    const seconds = Math.round((now() - began) / 1000)
    return { scenario: name, fault, why, stage: stage.title, on, version, seed, quick, seconds, ...played }
  } finally {
    await stage[Symbol.asyncDispose]()
    if (!settings.keep) rmSync(directory, { recursive: true, force: true })
  }
}

async function perform(scenario: Scenario, stage: Stage, about: Circumstances, directory: string, settings: Settings) {
  const cast = await castOf(scenario, about)
  const fifo = cast.load.fifo === true
  const place: Place = { where: stage.where, namespace: `chaos${settings.seed}`, queue: fifo ? 'jobs.fifo' : 'jobs' }
  const watcher = await (await system(about.on)).watch({ ...place, where: stage.safe }, cast.queue)
  const common = { directory, on: about.on, place }
  await using producers = new Fleet<string>(
    'producer',
    program('./producer-process.ts'),
    (who, level): ProducerSetup => ({ ...common, who, load: cast.load, level, patience: PATIENCE / 2 }),
    cast.nodeArgs,
  )
  await using workers = new Fleet<Partial<WorkerSettings>>(
    'worker',
    program('./worker-process.ts'),
    (who, own): WorkerSetup => ({ ...common, who, settings: { ...WORKER, ...cast.queue, ...own } }),
    cast.nodeArgs,
  )
  const tally = new Tally(directory)
  let phase = 'begins'
  const beat = setInterval(() => settings.progress(phase, tally.read()), 1000)
  try {
    const run = runOf(stage, place, about, directory, tally, producers, workers)
    await Promise.all([
      ...cast.workers.map((own) => workers.start(own)),
      ...cast.producers.map((level) => producers.start(level)),
    ])
    const stuck = await stuckIn(async () => {
      await run.more(100)
      // How many sockets each needs is known by then: more of them at the end are a leak.
      const all = [...producers.running, ...workers.running].map(({ who }) => who)
      await until('all have opened their connections', () => tally.haveOpened(all))
      phase = 'fault'
      await scenario.faults(run)
    })
    phase = 'heals'
    await stage.heal()
    run.mark('healed')
    const unsound = await standingStill([...producers.running, ...workers.running], () => watcher.unsound())
    phase = 'drains'
    await producers.stop(PATIENCE)
    const drained = await drain(watcher)
    await workers.stop(10_000)
    const dead = await watcher.dead()
    const history = new History(directory)
    const played = { ...about, history, dead, producers: producers.members, workers: workers.members }
    const found = [
      ...stuck,
      ...unsound,
      ...drained,
      ...violations(played, scenario.promised),
      ...producers.surprises,
      ...workers.surprises,
      ...(await watcher.faults(completedKeys(history, scenario.promised))),
      ...(scenario.must?.(played) ?? []),
    ]
    return {
      sent: history.effects.size,
      acknowledged: [...history.effects.values()].filter((effect) => acknowledged(effect)).length,
      violations: found,
      figures: scenario.figures(played),
      series: seriesOf(history),
    }
  } finally {
    clearInterval(beat)
    await watcher.close()
  }
}

async function castOf({ cast }: Scenario, about: Circumstances): Promise<Cast> {
  const own = (typeof cast === 'function' ? await cast(about) : cast) ?? {}
  return {
    producers: own.producers ?? USUAL.producers,
    workers: own.workers ?? USUAL.workers,
    load: { ...USUAL.load, ...own.load },
    queue: { ...USUAL.queue, ...own.queue },
    nodeArgs: own.nodeArgs ?? USUAL.nodeArgs,
  }
}

function runOf(
  stage: Stage,
  place: Place,
  about: Circumstances,
  directory: string,
  tally: Tally,
  producers: Run['producers'],
  workers: Run['workers'],
): Run {
  return {
    ...about,
    stage,
    place,
    producers,
    workers,
    mark(text) {
      const line: MarkLine = { event: 'mark', t: now(), text }
      appendFileSync(join(directory, 'harness.lines'), `${JSON.stringify(line)}\n`)
      return line.t
    },
    sleep: (ms) => sleep(ms),
    allWentOn(since) {
      tally.read()
      return [...producers.running, ...workers.running].every(({ who }) => (tally.succeeded.get(who) ?? 0) >= since)
    },
    async more(effects) {
      const goal = tally.read().ended + effects
      await until(`${effects} more handlers have ended`, () => tally.read().ended >= goal)
    },
    until,
  }
}

/** What was waited for in vain did not hold, and is told of as such: the run goes on to its end. */
async function stuckIn(steps: () => Promise<void>): Promise<string[]> {
  try {
    await steps()
    return []
  } catch (error) {
    if (error instanceof Stuck) return [error.message]
    throw error
  }
}

/** A slow machine may take its time, as long as they become fewer. */
async function drain(watcher: Watcher): Promise<string[]> {
  let least = Number.POSITIVE_INFINITY
  for (let end = now() + PATIENCE; ; ) {
    const left = await watcher.left().catch(() => least)
    if (left === 0) return []
    if (left < least) end = now() + PATIENCE
    least = Math.min(least, left)
    if (now() > end) return [`${least} messages were left, and for ${PATIENCE} ms they did not become fewer`]
    await sleep(PAUSE)
  }
}

/**
 * Of what was completed at a level at which it cannot be undone, if it had been sent at such a level, too: else the server that was
 * told of the completion may never have had the message, and then it has no key to remember (docs/durability.md).
 */
function completedKeys(history: History, promised: NonNullable<Scenario['promised']> = () => true): string[] {
  const lines = history.deliveries('completed').filter(({ level }) => promised(level, 'completions'))
  const completed = new Set(lines.map(({ effect }) => effect))
  const keys = [...history.effects.values()].flatMap(({ name, key, sent }) =>
    key !== undefined && completed.has(name) && sent.every(({ level }) => promised(level, 'sends')) ? [key] : [],
  )
  const every = Math.max(1, Math.floor(keys.length / TRIED))
  return keys.filter((_, i) => i % every === 0)
}

function seriesOf(history: History): Result['series'] {
  const first = history.lines[0]?.t ?? 0
  const times = (lines: Array<{ t: number }>) => lines.map(({ t }) => Math.round(t - first))
  return {
    sent: times(history.of('answered').filter(({ outcome }) => outcome === 'ok')),
    ended: times(history.deliveries('ended')),
    marks: history.marks.map(({ t, text }) => ({ t: Math.round(t - first), text })),
  }
}
