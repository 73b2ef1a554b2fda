// What is measured, on which servers, and what is asked of ours.
import type { Job } from './job.ts'
import type { Side } from './sides.ts'

export interface Figures {
  /** Messages a second; of `wake` and `idle` none. */
  rate: number
  p50: number
  p99: number
  /** µs of the server's CPU a message. */
  cpu: number
  /** Share of a core. */
  load: number
  /** MiB resident. */
  memory: number
}

export interface Bar {
  figure: keyof Figures
  /** `least`: it, or its ratio to that of the other side, is at least so much; else at most. */
  least: boolean
  value: number
  /** A ratio to this side. */
  of?: Side
}

export interface Row {
  id: string
  title: string
  /** Whose figures the bars are for. */
  own: Side
  sides: Side[]
  shown: (keyof Figures)[]
  job: Omit<Job, 'url' | 'key'>
  bars: Bar[]
}

const CONNECTIONS = [1, 16, 64]
const PAIR: Side[] = ['boomerang', 'fauxqs']
const RATE: (keyof Figures)[] = ['rate', 'p50', 'p99', 'cpu']
const rateAtLeast = (value: number, of: Side): Bar => ({ figure: 'rate', least: true, value, of })
const CPU: Bar = { figure: 'cpu', least: false, value: 1, of: 'fauxqs' }

/** A row for each number of connections; the last one is compared with more servers, and has the bars. */
interface Family {
  name: string
  title: string
  job: Omit<Job, 'url' | 'key' | 'connections' | 'warmUp' | 'seconds'>
  bars: Bar[]
  others: Side[]
  connections?: number[]
}

function families(quick: boolean): Family[] {
  const drain = (each: 1 | 10, messages: number) => ({ kind: 'drain', each, messages }) as const
  const twice = [rateAtLeast(2, 'fauxqs'), CPU]
  const here: Side[] = ['boomerang-here']
  const titles = { 10: 'ReceiveMessage of 10, DeleteMessageBatch', 1: 'ReceiveMessage of 1, DeleteMessage' }
  // Deep queues: what a receive costs must not grow with what waits.
  const deep = quick ? 40_000 : 400_000
  const deeper = (each: 1 | 10): Family => ({
    name: `deep-${each}`,
    title: `${titles[each]}, at least ${deep.toLocaleString('en')} waiting`,
    job: drain(each, deep),
    bars: twice,
    others: [],
    connections: [64],
  })
  return [
    {
      name: 'send',
      title: 'SendMessage',
      job: { kind: 'send' },
      bars: [rateAtLeast(1, 'fauxqs'), CPU],
      others: ['boomerang-here', 'boomerang-2', 'node', 'fastify'],
    },
    { name: 'batch', title: 'SendMessageBatch of 10', job: { kind: 'batch' }, bars: twice, others: [...here, 'node'] },
    { name: 'receive-10', title: titles[10], job: drain(10, quick ? 20_000 : 60_000), bars: twice, others: here },
    deeper(10),
    { name: 'receive-1', title: titles[1], job: drain(1, quick ? 5_000 : 20_000), bars: twice, others: here },
    deeper(1),
  ]
}

/** `seconds` of a run. */
export function rowsOf({ warmUp, seconds, quick }: { warmUp: number; seconds: number; quick: boolean }): Row[] {
  const timed = { warmUp, seconds }
  const all = ({ name, title, job, bars, others, connections = CONNECTIONS }: Family) =>
    connections.map((many): Row => {
      const last = many === connections.at(-1)
      return {
        id: `${name}-${many}`,
        title: `${title}, ${many} ${many === 1 ? 'connection' : 'connections'}`,
        own: 'boomerang',
        sides: last ? [...PAIR, ...others] : PAIR,
        shown: RATE,
        job: { ...job, ...timed, connections: many },
        bars: last ? bars : [],
      }
    })
  const polls = quick ? 1_000 : 10_000
  return [
    ...families(quick).flatMap(all),
    {
      id: 'signed-64',
      title: 'SendMessage with signature and policy, 64 connections',
      own: 'boomerang-signed',
      sides: ['boomerang-signed', 'boomerang'],
      shown: RATE,
      job: { kind: 'send', ...timed, connections: 64 },
      bars: [rateAtLeast(0.7, 'boomerang')],
    },
    {
      id: 'wake',
      title: 'wake-up of a long poll',
      own: 'boomerang',
      sides: PAIR,
      shown: ['p50', 'p99'],
      job: { kind: 'wake', ...timed, connections: 2, messages: quick ? 50 : 500 },
      bars: [{ figure: 'p50', least: false, value: 3 }],
    },
    {
      id: 'idle-polls',
      title: `${polls.toLocaleString('en')} long polls that wait`,
      own: 'boomerang',
      sides: PAIR,
      shown: ['memory', 'load'],
      // A poll lasts 20 s: what is counted lies between its beginning and its end.
      job: { kind: 'idle', warmUp: quick ? 1 : 4, seconds: quick ? 3 : 12, connections: polls },
      bars: [
        { figure: 'memory', least: false, value: 1024 },
        { figure: 'load', least: false, value: 0.05 },
      ],
    },
  ]
}
