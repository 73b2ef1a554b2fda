// What a receive may give of tenants: of each in order, as many as there are, quiet ones first.
import { expect } from 'vitest'
import { byId, type GroupModel, type Held, RETENTION } from './group-model.ts'

/** A tenant is noisy with so many in flight, that are more than this share (per mille) of all. */
export const NOISY = 3
export const SHARE = 400

/** `ids` came; `waits` says which messages wait still. Takes what came in the model, too. */
export function cameFairly(
  model: GroupModel,
  waits: (name: string) => boolean,
  ids: string[],
  max: number,
  returning: number,
): void {
  const inOrder = (a: Held, b: Held) => a.at - b.at || byId(a, b)
  const flying = model.of('inflight')
  const back = flying
    .filter((one) => model.visible(one))
    .sort(inOrder)
    .slice(0, Math.min(max, returning))
  const room = Math.max(Math.min(max - back.length, model.maxInFlight - flying.length), 0)
  const visible = model
    .of('waiting')
    .filter((one) => model.visible(one))
    .sort(inOrder)
  const gone = visible.filter(({ name }) => !waits(name))
  const old = visible.filter(({ since }) => since + RETENTION <= model.now)
  const fresh = gone.filter((one) => !old.includes(one))
  expect(gone.length - old.length).toBeLessThanOrEqual(room)
  expect(gone.length).toBeGreaterThanOrEqual(Math.min(room, visible.length - old.length) - old.length)
  if (old.length === 0) expect(gone.length).toBe(Math.min(room, visible.length))
  for (const { group: tenant } of gone) {
    const line = visible.filter((one) => one.group === tenant && !old.includes(one))
    const came = fresh.filter((one) => one.group === tenant)
    expect(came, `in order of ${tenant}`).toEqual(line.slice(0, came.length))
  }
  if (room === 1 && fresh.length === 1 && back.length === 0 && old.length === 0) {
    const of = (tenant: string) => flying.filter((one) => one.group === tenant).length
    const noisy = (tenant: string) => tenant !== '' && of(tenant) >= NOISY && of(tenant) * 1000 > SHARE * flying.length
    const [one] = fresh as [Held]
    const quiet = visible.filter((other) => !noisy(other.group))
    if (quiet.length > 0) expect([noisy(one.group), one.at], 'the quiet first').toEqual([false, quiet[0]?.at])
    else expect(of(one.group), 'fewest first').toBe(Math.min(...visible.map((other) => of(other.group))))
  }
  const taken = model.take([
    ...back,
    ...gone.filter((one) => !(old.includes(one) && one.deliveries === 0 && one.group === '')),
  ])
  expect([...ids].sort()).toEqual([...taken].sort())
}
