// Looking through messages a page at a time. A cursor says where to go on: number of the partition, score, how many of that score were seen.
import type { Backend } from './backend.ts'
import { InvalidOption } from './errors.ts'
import type { Lane } from './lane.ts'
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
  // What carries a group waits apart.
  const states = state === 'ready' ? ['ready', 'grouped'] : [state]
  const every = (lanes: Lane[]) =>
    lanes.flatMap(({ partition }) =>
      states.map((each, i) => ({ partition, state: each, at: partition.index * states.length + i })),
    )
  let [at, score, skip] = parse(options.cursor, every((await backend.open()).lanes).at(-1)?.at as number)
  const found: Found[] = []
  let now = 0
  for (; found.length < limit; at++, score = '-inf', skip = 0) {
    const place = every((await backend.open()).lanes).find((one) => one.at >= at)
    if (!place) break
    if (place.at > at) [at, score, skip] = [place.at, '-inf', 0]
    const part = await place.partition.peek(place.state, score, skip, limit - found.length, backend.deadline())
    now = part.now
    found.push(...part.found)
    const last = part.found.at(-1)
    if (found.length === limit && last) {
      const same = part.found.filter((one) => one.score === last.score).length
      return { found, now, cursor: [at, last.score, same + (last.score === score ? skip : 0)].join('_') }
    }
  }
  return { found, now }
}

function parse(cursor: string | undefined, highest: number): [number, string, number] {
  if (cursor === undefined) return [0, '-inf', 0]
  const [, number, score, skip] = /^(\d+)_([\d.]+|-inf)_(\d+)$/.exec(String(cursor)) ?? []
  if (number === undefined || Number(number) > highest)
    throw new InvalidOption(`\`cursor\` must be one that the last page gave, got '${cursor}'`)
  return [Number(number), score as string, Number(skip)]
}
