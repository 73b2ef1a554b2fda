// What may happen to a partition with groups, at random.
import fc from 'fast-check'

const delay = fc.constantFrom(0, 0, 0, 1, 2_000)
const which = fc.nat(7)
const stale = fc.constantFrom(0, 0, 0, 0, 1)
const group = fc.constantFrom('a', 'a', 'b', 'c!')
const wanting = {
  max: fc.constantFrom(0, 1, 2, 3, 5),
  returning: fc.nat(3),
  each: fc.constantFrom(1, 2, 9),
  // Its own instead of the queue's.
  visibility: fc.constantFrom(undefined, undefined, 1, 500, 10_000),
}

export const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      groups: fc.array(group, { minLength: 1, maxLength: 4 }),
      delay,
      dedup: fc.option(fc.constantFrom('x', 'y', 'z')),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sendPlain' as const), delay }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sendAgain' as const), which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      ...wanting,
      named: fc.option(fc.constantFrom('p', 'q'), { freq: 2 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('complete' as const),
      which: fc.array(which, { minLength: 1, maxLength: 4 }),
      stale,
      ...wanting,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('extend' as const),
      which,
      stale,
      visibility: fc.constantFrom(0, 1, 5_000),
      late: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('release' as const),
      which: fc.uniqueArray(which, { minLength: 1, maxLength: 3 }),
      stale,
      how: fc.constantFrom('counted' as const, 'uncounted' as const, 'failed' as const, 'rejected' as const),
      delay,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(1, 500, 3_000, 6_000, 100_000, 400_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('redrive' as const, 'redrive' as const, 'purge' as const) }),
  },
)
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
