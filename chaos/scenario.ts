// A scenario: which servers, which load, what happens to them, and what must hold afterwards.

import type { Where } from '../lib/index.ts'
import type { Fleet, Load, Member } from './fleet.ts'
import type { History } from './history.ts'
import type { Random } from './random.ts'
import type { Place, QueueSettings, SystemName, WorkerSettings } from './system.ts'

/** Servers on loopback. What producers and workers connect to may lead through proxies; the harness itself looks past them. */
export interface Stage extends AsyncDisposable {
  /** Such as 'one Redis, appendonly yes, appendfsync always'. */
  title: string
  where: Where
  /** For the harness itself. */
  safe: Where
  /** Servers run, connections work, nothing is slow: as at the beginning. */
  heal(): Promise<void>
}

export interface Circumstances {
  quick: boolean
  random: Random
  on: SystemName
}

/** Who takes part, at the start. What is not said is as in `USUAL`. */
export interface Cast {
  /** The level of each producer. */
  producers: string[]
  workers: Array<Partial<WorkerSettings>>
  load: Load
  queue: QueueSettings
  /** Flags for Node, of all processes. */
  nodeArgs: string[]
}

/** What a scenario says of it. */
export interface Casting extends Partial<Omit<Cast, 'load' | 'queue'>> {
  load?: Partial<Load>
  queue?: Partial<QueueSettings>
}

export interface Run<S extends Stage = Stage> extends Circumstances {
  stage: S
  /** As producers and workers know it. */
  place: Place
  producers: Fleet<string>
  workers: Fleet<Partial<WorkerSettings>>
  /** Writes down what happens now: a line in the history, and in the plot. Answers the time. */
  mark(text: string): number
  sleep(ms: number): Promise<void>
  /** Whether each of those who run has had a success that began after this time. */
  allWentOn(since: number): boolean
  /** Waits until so many more effects have taken place. */
  more(effects: number): Promise<void>
  /** Waits until it holds; fails after a minute with a sentence. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>
}

/** What was played, when all is over. */
export interface Played extends Circumstances {
  history: History
  /** Effects of dead letters. */
  dead: string[]
  producers: Member[]
  workers: Member[]
}

/** Column and figure, such as `{ 'redelivered late, ms: p50': 12 }`. */
export type Figures = Record<string, string | number>

export interface Scenario<S extends Stage = Stage> {
  name: string
  /** The fault, as a row of the table says it. */
  fault: string
  /** Which report of users it plays, if it plays one. */
  why?: string
  on: SystemName[]
  stage(circumstances: Circumstances): Promise<S>
  cast?: Casting | ((circumstances: Circumstances) => Casting | Promise<Casting>)
  faults(run: Run<S>): Promise<void>
  /** What is promised at a level beside what is always: that nothing acknowledged is lost, and no completion repeated. All, unless given. */
  promised?(level: string, of: 'sends' | 'completions'): boolean
  /** What else must hold: a sentence for each thing that does not. */
  must?(played: Played): string[]
  figures(played: Played): Figures
}

export const USUAL: Cast = {
  producers: ['memory', 'memory'],
  workers: [{}, {}],
  load: { rate: 200, work: [0, 30], timeout: 2000, resend: true, derived: false, fifo: false, groups: 8, special: [] },
  queue: { visibility: 2000, maxReceives: 100, partitions: 1 },
  nodeArgs: [],
}

/** A producer and a worker of each level. */
export const atEach = (levels: string[]): Pick<Casting, 'producers' | 'workers'> => ({
  producers: levels,
  workers: levels.map((level) => ({ level })),
})

/** Keeps the type of the stage while it is written, and forgets it where scenarios of all kinds meet. */
export const scenario = <S extends Stage>(it: Scenario<S>): Scenario => it as unknown as Scenario
