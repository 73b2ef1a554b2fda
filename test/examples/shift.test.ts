import { connect } from 'boomerang-mq'
import { expect, test } from 'vitest'
import { Ledger } from '../../examples/video/ledger.ts'
import { workShift } from '../../examples/video/shift.ts'
import type { Report } from '../../examples/video/worker.ts'

const view = { say() {}, progress() {}, close() {} }

test('who reports while the shift ends is not lost, for nobody would stop a replacement', async () => {
  await using client = await connect('memory:')
  const queue = client.queue('videos')
  const ledger = new Ledger()
  ledger.sent({ video: { name: 'sea', source: '/sea.mov' }, keyed: true, id: 'a' })
  const names: string[] = []
  const stopped: string[] = []
  const hire = async (name: string, report: (report: Report) => void) => {
    names.push(name)
    const stop = async () => {
      report({ type: 'progress', worker: name, id: 'a', deliveries: 1, fraction: 0.5 })
      stopped.push(name)
    }
    return { name, stop, kill: async () => {}, gone: new Promise<void>(() => {}) }
  }
  await workShift({ queue, ledger, view, processes: true, hire }, new AbortController().signal)
  await new Promise(setImmediate)
  expect(names).toEqual(['worker 1', 'worker 2'])
  expect(stopped).toEqual(names)
})
