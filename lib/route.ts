// Routing: what has a home of its own goes to where it may be, former homes first. It knows nothing of what is asked: sends,
// claims and results all take this way.
//
// Why nothing is stored twice: each call carries the version of the map by which it was routed, and a partition refuses
// another one. So once a former home has answered 'moved' by a map, nobody can store there by an older one.
import type { Backend } from './backend.ts'
import type { Lane } from './lane.ts'
import type { PartitionMap } from './map.ts'
import type { Routing } from './redis/deliveries.ts'
import { Outdated } from './redis/refusals.ts'

/** What a former home answers about something that it does not have. */
export const MOVED = Symbol('moved')

type Answers<Out> = Promise<(Out | typeof MOVED)[]>
type Ask<In, Out> = (lane: Lane, items: In[], how: Routing) => Answers<Out>

/** How often in a row a batch is routed anew before its error is the caller's. */
export const REROUTINGS = 10

interface Part {
  lane: Lane
  stay: boolean
  /** Places of its items in the batch, rising. */
  at: number[]
}

/**
 * Run a batch through the candidates of its items, in one call for each partition and step; items of one partition keep
 * their order. Where the map has changed, what is not answered is routed anew. An item whose partition failed has its error.
 */
export async function routed<In, Out>(
  backend: Backend,
  items: In[],
  candidates: (map: PartitionMap, item: In) => Lane[],
  ask: Ask<In, Out>,
): Promise<(Out | Error)[]> {
  const outs: (Out | Error)[] = new Array(items.length)
  let left = [...items.keys()]
  for (let again = 0; ; again++) {
    const { map } = await backend.open()
    let outdated: unknown
    const missed: number[] = []
    const walks: Lane[][] = []
    for (const at of left) walks[at] = candidates(map, items[at] as In)
    for (let step = 0; left.length > 0; step++) {
      const moved: number[] = []
      const one = async ({ lane, stay, at }: Part) => {
        try {
          const batch = at.map((i) => items[i] as In)
          const answers = await ask(lane, batch, { version: map.version, stay })
          for (const [i, answer] of answers.entries()) {
            if (answer === MOVED) (stay ? moved : missed).push(at[i] as number)
            else outs[at[i] as number] = answer
          }
        } catch (error) {
          if (error instanceof Outdated) {
            outdated = error
            missed.push(...at)
          } else for (const i of at) outs[i] = error as Error
        }
      }
      await Promise.all(parts(walks, left, step).map(one))
      left = moved.sort((a, b) => a - b)
    }
    if (missed.length === 0) return outs
    if (again === REROUTINGS) throw outdated ?? new Outdated('the map of partitions keeps changing')
    left = missed.sort((a, b) => a - b)
  }
}

/** Do something that rests on the map, and again where the map has changed meanwhile. */
export async function byMap<T>(backend: Backend, task: (map: PartitionMap, how: Routing) => Promise<T>): Promise<T> {
  for (let again = 0; ; again++) {
    const { map } = await backend.open()
    try {
      return await task(map, { version: map.version, stay: false })
    } catch (error) {
      if (!(error instanceof Outdated) || again === REROUTINGS) throw error
    }
  }
}

/** Do something in all partitions, also in those that are heard of only meanwhile. */
export async function inAll<T>(backend: Backend, task: (lane: Lane) => Promise<T>): Promise<T[]> {
  const done = new Map<Lane, T>()
  for (;;) {
    const { lanes } = await backend.open()
    const fresh = lanes.filter((lane) => !done.has(lane))
    if (fresh.length === 0) return [...done.values()]
    await Promise.all(fresh.map(async (lane) => done.set(lane, await task(lane))))
  }
}

/** The calls of one step. */
function parts(walks: Lane[][], left: number[], step: number): Part[] {
  const [homes, formers] = [new Map<Lane, Part>(), new Map<Lane, Part>()]
  for (const at of left) {
    const walk = walks[at] as Lane[]
    const lane = walk[step] as Lane
    const stay = step < walk.length - 1
    const known = stay ? formers : homes
    const part = known.get(lane)
    if (part) part.at.push(at)
    else known.set(lane, { lane, stay, at: [at] })
  }
  return [...formers.values(), ...homes.values()]
}
