// What the measuring process tells the load generator, and what that answers.
import type { Key } from './requests.ts'

export interface Job {
  kind: 'send' | 'batch' | 'drain' | 'wake' | 'idle'
  url: string
  connections: number
  /** Counted; what comes before is to warm up. */
  warmUp: number
  seconds: number
  /** drain: messages a receive. */
  each?: number
  /** drain: messages that wait beforehand. wake: messages to be sent. */
  messages?: number
  key?: Key
}

export interface Found {
  messages: number
  seconds: number
  /** Of requests, or of wake-ups, ms. */
  p50: number
  p99: number
}

/** In order: what is counted begins; ends; what was found. The generator waits for an answer to the first two. */
export type Told = { say: 'begin' | 'end' } | { say: 'found'; found: Found }
