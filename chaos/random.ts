// Chance that comes out the same for the same seed.
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export interface Random {
  /** A whole number of `least` to `most`. */
  between(least: number, most: number): number
  pick<T>(from: readonly T[]): T
}

export function random(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  const between = (least: number, most: number) => uniformInt(generator, least, most)
  return { between, pick: (from) => from[between(0, from.length - 1)] as never }
}
