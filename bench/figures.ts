// Small statistics, and numbers as a reader wants them.

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}

/** Three significant digits. */
export function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 })
}

export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The median, and the lowest and highest where they differ. */
export function withSpread(values: number[]): string {
  if (values.length === 0) return '–'
  const [lowest, highest] = [short(Math.min(...values)), short(Math.max(...values))]
  return lowest === highest ? lowest : `${short(median(values))}\n(${lowest} to ${highest})`
}
