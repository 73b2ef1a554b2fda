// Looking through messages a page at a time. A cursor says where to go on: partition, score, how many of that score were seen.
import type { Backend } from './backend.ts'
import { InvalidOption } from './errors.ts'
import { known, whole } from './options.ts'

export interface Found {
  short: string
  score: string
  history: string
  record: Buffer
}

export async function page(
  backend: Backend,
  state: 'ready' | 'inFlight' | 'dead',
  options: { limit?: number; cursor?: string },
  where: string,
): Promise<{ found: Found[]; cursor?: string; now: number }> {
  known(options, ['limit', 'cursor', 'state'], where)
  const limit = whole(options.limit ?? 10, 'limit', 1, 500)
  const { lanes } = await backend.open()
  let [index, score, skip] = parse(options.cursor, lanes.length)
  const found: Found[] = []
  let now = 0
  for (; index < lanes.length && found.length < limit; index++, score = '-inf', skip = 0) {
    const { partition } = lanes[index] as (typeof lanes)[number]
    const part = await partition.peek(state, score, skip, limit - found.length, backend.deadline())
    now = part.now
    found.push(...part.found)
    const last = part.found.at(-1)
    if (found.length === limit && last) {
      const same = part.found.filter((one) => one.score === last.score).length
      return { found, now, cursor: [index, last.score, same + (last.score === score ? skip : 0)].join('_') }
    }
  }
  return { found, now }
}

function parse(cursor: string | undefined, partitions: number): [number, string, number] {
  if (cursor === undefined) return [0, '-inf', 0]
  const [, index, score, skip] = /^(\d+)_([\d.]+|-inf)_(\d+)$/.exec(String(cursor)) ?? []
  if (index === undefined || Number(index) >= partitions)
    throw new InvalidOption(`\`cursor\` must be one that the last page gave, got '${cursor}'`)
  return [Number(index), score as string, Number(skip)]
}
