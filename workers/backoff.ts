const FIRST = 1_000
const LONGEST = 15 * 60_000

/** 1 s, 2 s, 4 s ... up to 15 min, of which half is chance, so that messages that failed together do not come back together. */
export function exponential(attempts: number): number {
  const whole = Math.min(FIRST * 2 ** (attempts - 1), LONGEST)
  return Math.round(whole / 2 + (Math.random() * whole) / 2)
}
