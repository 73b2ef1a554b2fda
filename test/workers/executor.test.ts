// What is not begun in time.
import { expect, test } from 'vitest'
import { Executor } from '../../workers/executor.ts'
import type { Job } from '../../workers/job.ts'

function executor(ours: boolean) {
  const events: string[] = []
  const nothing = () => {}
  const made = new Executor(1, false, {
    start: ({ message }) => void events.push(`started ${message.id}`),
    ended: () => undefined,
    threw: async () => {},
    keeps: async ({ message }) => {
      events.push(`asked for ${message.id}`)
      return ours
    },
    freed: nothing,
    failed: nothing,
  })
  return { made, events }
}

const job = (id: string, leaseUntil: number) => ({ message: { id }, over: false, startedAt: 0, leaseUntil }) as Job

test.each([true, false])('a message whose deadline has passed is begun only if it is still ours: %s', async (ours) => {
  const { made, events } = executor(ours)
  made.add([job('late', performance.now() - 1), job('in time', performance.now() + 60_000)])
  await made.idle(10_000)
  expect(events).toEqual(['asked for late', ...(ours ? ['started late'] : []), 'started in time'])
})
