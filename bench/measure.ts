// What a measure is given and what it answers.

/** Figures of one run by name. `value` is the one that is compared. */
export interface Figures {
  value: number
  [extra: string]: number
}

/** Seconds. The quick run measures for less time. */
export interface Duration {
  warmUp: number
  seconds: number
}
