// The rows of the table: what is measured, with whom, and the bar that Boomerang is held to.
import type { Library } from './adapter.ts'
import type { Measurement } from './measures/index.ts'

/** Bars are ratios against a library in the same round, or against `best`, the best peer; without `of`, plain figures. */
export type Bar = ({ atLeast: number } | { atMost: number }) & {
  of?: Library | 'best'
  /** Another figure than the row's value. */
  figure?: string
}

export type Row = Measurement & {
  id: string
  title: string
  unit: string
  libraries: Library[]
  bars: Bar[]
  /** Settings of the quick run where they differ; false: it leaves the row out. */
  quick?: object | false
  /** Rounds where the usual number would be a waste: a count is the same each time. */
  rounds?: number
  /** Which of the figures found besides belong beside the row's own value. */
  shown?: RegExp
  /** All libraries at once, each with a Redis of its own: for rows that only wait. */
  together?: boolean
}

const everyone: Library[] = ['boomerang', 'bullmq', 'bee-queue', 'rsmq']
const withBulk: Library[] = ['boomerang', 'bullmq', 'bee-queue']

export const rows: Row[] = [
  {
    id: 'send-1000',
    title: 'send one by one, 1000 in flight',
    unit: 'messages/s',
    measure: 'send',
    settings: { inFlight: 1000 },
    libraries: everyone,
    bars: [
      { atLeast: 7, of: 'bullmq' },
      { atLeast: 2.8, of: 'bee-queue' },
    ],
  },
  {
    id: 'send-64',
    title: 'send one by one, 64 in flight',
    unit: 'messages/s',
    measure: 'send',
    settings: { inFlight: 64 },
    libraries: everyone,
    bars: [
      { atLeast: 3.5, of: 'bullmq' },
      { atLeast: 1.4, of: 'bee-queue' },
    ],
  },
  {
    id: 'send-bulk',
    title: 'send in bulk of 100',
    unit: 'messages/s',
    measure: 'send',
    settings: { inFlight: 4, bulk: 100 },
    libraries: withBulk,
    bars: [
      { atLeast: 6, of: 'bullmq' },
      { atLeast: 1.8, of: 'bee-queue' },
    ],
  },
  {
    id: 'send-keyed',
    title: 'send with an idempotency key, 1000 in flight',
    unit: 'messages/s',
    measure: 'send',
    settings: { inFlight: 1000, keyed: true },
    libraries: withBulk,
    bars: [{ atLeast: 4, of: 'bullmq' }],
  },
  {
    id: 'work-100',
    title: 'worker, handler that only reads, concurrency 100',
    unit: 'messages/s',
    measure: 'work',
    settings: { concurrency: 100 },
    libraries: everyone,
    bars: [
      { atLeast: 5, of: 'bullmq' },
      { atLeast: 3, of: 'best' },
    ],
  },
  {
    id: 'work-10',
    title: 'worker, concurrency 10',
    unit: 'messages/s',
    measure: 'work',
    settings: { concurrency: 10 },
    libraries: everyone,
    bars: [
      { atLeast: 4, of: 'bullmq' },
      { atLeast: 3, of: 'best' },
    ],
  },
  {
    id: 'work-1',
    title: 'worker, concurrency 1',
    unit: 'messages/s',
    measure: 'work',
    settings: { concurrency: 1 },
    libraries: everyone,
    bars: [{ atLeast: 10, of: 'bullmq' }],
  },
  {
    id: 'work-1-alone',
    title: 'worker, concurrency 1, fetching ahead off',
    unit: 'messages/s',
    measure: 'work',
    settings: { concurrency: 1, ahead: false },
    libraries: ['boomerang', 'bullmq'],
    bars: [{ atLeast: 1.6, of: 'bullmq' }],
  },
  {
    id: 'life',
    title: "Redis CPU for a job's whole life, in batches, receipts and marks on",
    unit: 'µs',
    measure: 'life',
    settings: { messages: 40_000, concurrency: 100 },
    quick: { messages: 4000 },
    libraries: everyone,
    bars: [{ atMost: 16 }],
  },
  {
    id: 'life-keyed',
    title: 'the same, each with an idempotency key',
    unit: 'µs',
    measure: 'life',
    settings: { messages: 40_000, concurrency: 100, keyed: true },
    quick: { messages: 4000 },
    libraries: withBulk,
    bars: [],
  },
  {
    id: 'memory',
    title: 'memory per waiting message, 200-byte body',
    unit: 'bytes',
    measure: 'memory',
    settings: { messages: 100_000 },
    quick: { messages: 20_000 },
    rounds: 1,
    libraries: everyone,
    bars: [
      { atMost: 0.56, of: 'bullmq' },
      { atMost: 1, of: 'bee-queue' },
    ],
  },
  {
    id: 'marks',
    title: 'memory per processed mark held',
    unit: 'bytes',
    measure: 'marks',
    settings: { marks: 1_000_000, chunk: 50_000, concurrency: 100 },
    quick: { marks: 50_000 },
    rounds: 1,
    libraries: ['boomerang'],
    bars: [{ atMost: 25 }],
  },
  {
    id: 'latency',
    title: 'send to handler, idle, p50',
    unit: 'ms',
    measure: 'latency',
    settings: { concurrency: 10 },
    libraries: withBulk,
    bars: [{ atMost: 1, of: 'bee-queue' }],
  },
  {
    id: 'idle',
    title: 'idle worker, commands its client sends',
    unit: 'a minute',
    measure: 'idle',
    settings: { concurrency: 10, watch: 60 },
    quick: { watch: 4 },
    rounds: 1,
    together: true,
    libraries: withBulk,
    bars: [{ atMost: 6 }],
  },
  {
    id: 'bare',
    title: 'worker against a bare loop of the same scripts, concurrency 100',
    unit: 'messages/s',
    measure: 'work',
    settings: { concurrency: 100 },
    libraries: ['boomerang', 'bare loop'],
    bars: [{ atLeast: 0.85, of: 'bare loop' }],
  },
  {
    id: 'drain',
    title: 'drain rate with 1M waiting against 10k waiting',
    unit: '×',
    measure: 'drain',
    settings: { concurrency: 100, deep: 1_000_000, shallow: 10_000, cycles: 15 },
    quick: { deep: 100_000, cycles: 3 },
    rounds: 3,
    libraries: ['boomerang'],
    bars: [{ atLeast: 0.7 }],
  },
]
