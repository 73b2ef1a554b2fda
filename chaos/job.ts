// What the messages of a run say: which effect each has, and what its handler does.

export interface Job {
  /** The name of what must happen once. Two messages may have the same one: then a key holds them together. */
  effect: string
  /** How long the handler works, ms. */
  ms: number
  /** Its place among the messages of its group, from 0. */
  place?: number
  deed?: Deed
}

/** What a handler does instead of working: each time end its process; the first time hold its event loop for `ms`. */
export type Deed = 'kill' | 'block'

/** A send, as a system is asked for it. */
export interface Send {
  job: Job
  /** Must take effect once under this key. */
  key?: string | undefined
  group?: string | undefined
  /** The id of a send whose answer did not come: the same message again. */
  id?: string | undefined
  /** By the call for many. */
  bulk: boolean
  /** ms before it may be received. */
  delay?: number | undefined
}

/** A delivery, as a handler is given it. */
export interface Delivery {
  job: Job
  id: string
  /** How often it was handed out, this time included. */
  receive: number
  /** Rises with every delivery; undefined where a system has nothing like it. */
  fence?: number | undefined
  group?: string | undefined
  /** Aborts when the message is lost to another; where a system has it. */
  signal?: AbortSignal | undefined
}
