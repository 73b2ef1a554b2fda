// What the fault harness would say of a queue that does not keep what is promised: a history made up for each of its sentences.
import { describe, expect, test } from 'vitest'
import { violations } from '../../chaos/invariants.ts'
import { tooLate } from '../../chaos/redelivery.ts'
import { stuck } from '../../chaos/resumption.ts'
import { slowReturns } from '../../chaos/returns.ts'
import type { Played } from '../../chaos/scenario.ts'
import { growing } from '../../chaos/slopes.ts'
import { untold } from '../../chaos/superseded.ts'
import { hasty, late } from '../../chaos/timely.ts'
import { answered, delivery, mark, played, sent, vitals, type Written } from './played.ts'

const SENT = [sent(1, 'a'), answered(2, 'a')]
/** Handed out, done, and said to be done. */
const done = (t: number, fence: number, more: { id?: string; receive?: number } = {}) =>
  (['started', 'ended', 'completed'] as const).map((event, i) => delivery(t + i, event, 'a', { fence, ...more }))

test('nothing, where all is as it must be', () => {
  const well = played({
    'producer-0': SENT,
    'worker-0': [...done(10, 10_000), vitals(20)],
    harness: [mark(5, 'a fault')],
  })
  expect(violations(well)).toEqual([])
})

test('nothing, where an earlier delivery hears first that the message is done, by a later one', () => {
  const first = [delivery(10, 'started', 'a', { fence: 10_000 }), ...done(40, 10_000).slice(1)]
  const later = [
    delivery(20, 'started', 'a', { fence: 20_000, receive: 2 }),
    delivery(60, 'completed', 'a', { fence: 20_000, receive: 2 }),
  ]
  expect(violations(played({ 'producer-0': SENT, 'worker-0': first, 'worker-1': later }))).toEqual([])
})

describe('what must hold after every run', () => {
  const cases: Array<[string, Written, string[]?]> = [
    ['a was acknowledged at memory and is lost', { 'producer-0': SENT, 'worker-0': [delivery(10, 'started', 'a')] }],
    [
      'a was completed at memory, and again',
      { 'producer-0': SENT, 'worker-0': [...done(10, 10_000), ...done(20, 20_000, { id: 'another' })] },
    ],
    ['a was delivered, and nobody had sent it', { 'worker-0': done(10, 10_000) }],
    [
      'a was refused, and delivered all the same',
      {
        'producer-0': [sent(1, 'a'), answered(2, 'a', 'refused', { error: 'OutOfMemory' })],
        'worker-0': done(10, 10_000),
      },
    ],
    [
      'a was handed out twice under one fence',
      {
        'producer-0': SENT,
        'worker-0': [delivery(10, 'started', 'a', { fence: 10_000 })],
        'worker-1': done(20, 10_000, { receive: 2 }),
      },
    ],
    [
      'a was completed under fence 10000, though a later delivery had begun',
      {
        'producer-0': SENT,
        'worker-0': [delivery(10, 'started', 'a', { fence: 10_000 }), ...done(40, 10_000).slice(1)],
        'worker-1': [delivery(20, 'started', 'a', { fence: 20_000, receive: 2 })],
      },
    ],
    [
      'a: fences rise, and receive numbers do not',
      {
        'producer-0': SENT,
        'worker-0': [delivery(10, 'started', 'a', { fence: 10_000, receive: 2 })],
        'worker-1': done(20, 20_000, { receive: 1 }),
      },
    ],
    [
      'group g: 1 began before 0 had ended',
      {
        'producer-0': [...SENT, sent(3, 'b'), answered(4, 'b')],
        'worker-0': [
          delivery(10, 'started', 'a', { group: 'g', place: 0 }),
          delivery(11, 'started', 'b', { group: 'g', place: 1 }),
          delivery(12, 'ended', 'a', { group: 'g', place: 0 }),
          delivery(13, 'ended', 'b', { group: 'g', place: 1 }),
        ],
      },
    ],
    [
      'worker-0 has 3 sockets open, and had 2 before the first fault',
      {
        'producer-0': SENT,
        'worker-0': [vitals(1), ...done(10, 10_000), vitals(30, { sockets: 3 })],
        harness: [mark(5, 'a fault')],
      },
    ],
    ['a was completed, and is a dead letter', { 'producer-0': SENT, 'worker-0': done(10, 10_000) }, ['a']],
  ]
  test.each(cases)('%s', (sentence, written, dead) => {
    expect(violations(played(written, dead))).toEqual([sentence])
  })

  test('fences do not fall, also where the newest completions are not promised', () => {
    const fell = played({
      'producer-0': SENT,
      'worker-0': [delivery(10, 'started', 'a', { fence: 10_000 })],
      'worker-1': [
        delivery(5000, 'started', 'a', { fence: 9000, receive: 2 }),
        ...done(6000, 9500, { receive: 3 }).slice(1),
      ],
    })
    expect(violations(fell, (_, of) => of === 'sends')).toEqual(['a was handed out under 9000 after 10000'])
  })

  test('where servers are lost, completions repeat of no message that had been acknowledged before', () => {
    const level = 'replicas(1)'
    const twice = (acknowledged: number) =>
      played({
        'producer-0': [sent(1, 'a', { level }), answered(acknowledged, 'a', 'ok', { level })],
        'worker-0': [
          delivery(10, 'started', 'a', { level }),
          delivery(11, 'ended', 'a', { level }),
          delivery(12, 'completed', 'a', { level }),
          delivery(30, 'started', 'a', { level, receive: 2 }),
          delivery(31, 'ended', 'a', { level, receive: 2 }),
          delivery(32, 'completed', 'a', { level, receive: 2 }),
        ],
      })
    const lossy = (at: string) => at === level
    expect(violations(twice(5), lossy)).toEqual([`a was completed at ${level}, and again`])
    // The server that took over never had it, and its sender sent it again.
    expect(violations(twice(20), lossy)).toEqual([])
    expect(violations(twice(20))).toEqual([`a was completed at ${level}, and again`])
  })
})

describe('what must hold after some', () => {
  const fault = [mark(100, 'fault')]
  const cases: Array<[string, Written, (of: Played) => string[]]> = [
    [
      "worker-0 did not go on after 'fault'",
      { harness: fault, 'worker-0': [...done(10, 10_000), vitals(20_000)] },
      ({ history }) => stuck(history, 'fault'),
    ],
    [
      'producer-0 waited 3000 ms for the answer to a',
      { 'producer-0': [sent(1, 'a'), answered(3001, 'a', 'ok', { took: 3000 })] },
      (of) => late(of),
    ],
    [
      'a ended with Timeout after 900 ms',
      { 'producer-0': [sent(1, 'a'), answered(901, 'a', 'unknown', { error: 'Timeout', took: 900 })] },
      (of) => hasty(of),
    ],
    [
      'a message came 1500 ms after its deadline at the earliest',
      {
        'worker-0': [delivery(100, 'started', 'a')],
        'worker-1': [delivery(3600, 'started', 'a', { receive: 2 })],
      },
      ({ history }) => tooLate(history, 2000),
    ],
    [
      'a was taken from worker-0, which was never told',
      {
        'worker-0': [delivery(10, 'started', 'a'), delivery(50, 'ended', 'a'), vitals(90)],
        'worker-1': [delivery(20, 'started', 'a', { receive: 2 })],
      },
      ({ history }) => untold(history),
    ],
    [
      'worker-0 took 2900 ms to go on after "fault"',
      {
        harness: fault,
        // The first was handed out before the fault, though it began afterwards.
        'worker-0': [10, 110, 3000].map((t) => delivery(t, 'started', 'a', { fence: t === 110 ? 20_000 : t * 1000 })),
      },
      (of) => slowReturns({ ...of, workers: [{ who: 'worker-0' } as Played['workers'][number]] }, 'fault', 2000),
    ],
    ['the heap of worker-0 grew from 50 to 90 MiB', grown((late) => ({ heap: late ? 90 : 50 })), (of) => growing(of)],
    ['the sockets of worker-0 grew from 2 to 3', grown((late) => ({ sockets: late ? 3 : 2 })), (of) => growing(of)],
    ['the handles of worker-0 grew from 5 to 50', grown((late) => ({ handles: late ? 50 : 5 })), (of) => growing(of)],
    [
      "half of 'send → answer' took up to 1 ms, and then 900",
      {
        harness: [mark(0, 'first'), mark(4000, 'last')],
        'producer-0': [500, 1500, 2500, 3500].flatMap((t) => [
          sent(t, `${t}`),
          answered(t + (t > 3000 ? 900 : 1), `${t}`),
        ]),
      },
      (of) => growing(of),
    ],
  ]
  test.each(cases)('%s', (sentence, written, found) => {
    expect(found(played(written))).toEqual([sentence])
  })
})

/** How a process is in each quarter of a run. */
function grown(is: (late: boolean) => Parameters<typeof vitals>[1]): Written {
  return {
    harness: [mark(0, 'first'), mark(4000, 'last')],
    'worker-0': [500, 1500, 2500, 3500].map((t) => vitals(t, is(t > 3000))),
  }
}
