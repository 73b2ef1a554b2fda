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

/** `seconds` of a run. */
export function rowsOf({ warmUp, seconds, quick }: { warmUp: number; seconds: number; quick: boolean }): Row[] {
  const timed = { warmUp, seconds }
  const more = (name: string, title: string, job: Omit<Row['job'], 'connections'>, bars: Bar[], many: Side[] = PAIR) =>
    CONNECTIONS.map((connections): Row => {
      const last = connections === CONNECTIONS.at(-1)
      return {
        id: `${name}-${connections}`,
        title: `${title}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
        own: 'boomerang',
        sides: last ? many : PAIR,
        shown: RATE,
        job: { ...job, ...timed, connections },
        bars: last ? bars : [],
      }
    })
  const polls = quick ? 1_000 : 10_000
  return [
    ...more(
      'send',
      'SendMessage',
      { kind: 'send', ...timed },
      [rateAtLeast(1, 'fauxqs'), CPU],
      [...PAIR, 'boomerang-22', 'boomerang-2', 'node', 'fastify'],
    ),
    ...more('batch', 'SendMessageBatch of 10', { kind: 'batch', ...timed }, [rateAtLeast(2, 'fauxqs'), CPU]),
    ...more(
      'receive-10',
      'ReceiveMessage of 10, DeleteMessageBatch',
      { kind: 'drain', each: 10, messages: quick ? 20_000 : 60_000, ...timed },
      [rateAtLeast(2, 'fauxqs'), CPU],
    ),
    ...more(
      'receive-1',
      'ReceiveMessage of 1, DeleteMessage',
      { kind: 'drain', each: 1, messages: quick ? 5_000 : 20_000, ...timed },
      [rateAtLeast(2, 'fauxqs'), CPU],
    ),
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
