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

/** The median, and the lowest and highest where there are several. */
export function withSpread(values: number[]): string {
  if (values.length === 0) return '–'
  const spread = `${short(Math.min(...values))} to ${short(Math.max(...values))}`
  return values.length === 1 ? short(median(values)) : `${short(median(values))}\n(${spread})`
}
