// A worker process: what its handlers do to it, and how it ends.
import { describe, expect, test } from 'vitest'
import { EXIT } from '../../lib/cli/exit.ts'
import type { Program } from '../harness/programs.ts'
import { aShell, HANDLERS, press } from './shell.ts'

const shell = aShell()
const events = (program: Program) =>
  program.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
const stats = () => shell.client.queue('tasks').stats()

async function stopped(program: Program): Promise<number | null> {
  program.kill('SIGTERM')
  return (await program.ended).code
}

describe('a worker', () => {
  test('runs the handlers that a module exports, with their options', async () => {
    const worker = await shell.work()
    await shell.client.queue('tasks').send('return')
    await shell.client.queue('outgoing-mail').send('hello')
    await worker.line('mail: hello')
    await worker.line(/completed +tasks [0-9a-f-]{36} in /)
    expect(worker.lines[0]).toMatch(/working +on outgoing-mail, tasks \(process \d+\)$/)
    expect(await shell.client.queue('outgoing-mail').attributes()).toMatchObject({
      visibility: 120_000,
      maxReceives: 2,
    })
    expect(await stopped(worker)).toBe(EXIT.well)
    expect(worker.errors).toBe('')
  })

  test('runs those that are named, and the default one for others', async () => {
    const worker = await shell.work('--queue', 'tasks', '--queue', 'letters')
    await shell.client.queue('letters').send('dear all')
    await worker.line('default: dear all')
    expect((await shell.client.queues.list()).names).toEqual(['letters', 'tasks'])
  })

  test('goes on after handlers that throw, reject, or leave a promise alone', async () => {
    const worker = await shell.work()
    await shell.client.queue('tasks').configure({ deadLetter: { maxReceives: 1 } })
    for (const deed of ['throw', 'reject', 'stray', 'return']) await shell.client.queue('tasks').send(deed)
    await worker.line(/failed +tasks \S+: first line second line; now a dead letter$/)
    await worker.line(/rejected +tasks \S+: not for us; now a dead letter$/)
    await worker.line(/unhandled +a promise that nobody waited for: nobody waits$/)
    await expect.poll(stats).toMatchObject({ ready: 0, inFlight: 0, dead: 2 })
    expect(await stopped(worker)).toBe(EXIT.well)
  })

  test('says what happens in JSON', async () => {
    const worker = await shell.work('--json', '--queue', 'tasks')
    const { id } = await shell.client.queue('tasks').send('return')
    await shell.client.queue('tasks').send('throw')
    await worker.line('"failed"')
    await worker.line('"completed"')
    await stopped(worker)
    const all = events(worker)
    const time = expect.stringMatching(/^\d{4}-.*Z$/)
    expect(all[0]).toEqual({ time, level: 'info', event: 'working', queues: ['tasks'], pid: worker.pid })
    expect(all).toContainEqual({
      time,
      level: 'info',
      event: 'completed',
      queue: 'tasks',
      id,
      deliveries: 1,
      ms: expect.any(Number),
    })
    const failed = {
      event: 'failed',
      level: 'warn',
      error: 'first line\nsecond line',
      dead: false,
      delay: expect.any(Number),
    }
    expect(all).toContainEqual(expect.objectContaining(failed))
    expect(all.slice(-2)).toMatchObject([
      { event: 'stopping', why: 'SIGTERM' },
      { event: 'stopped', inFlight: 0 },
    ])
  })

  test('is quiet about what goes well', async () => {
    const worker = await shell.work('--quiet')
    await shell.client.queue('tasks').send('return')
    await shell.client.queue('tasks').send('reject')
    await worker.line('rejected')
    await expect.poll(stats).toMatchObject({ ready: 0, inFlight: 0, dead: 1 })
    await stopped(worker)
    expect(worker.lines.filter((line) => line.includes('completed'))).toEqual([])
  })

  test('that wants other attributes than the queue has is refused', async () => {
    await shell.client.queue('outgoing-mail', { visibility: '1m' }).stats()
    const { code, errors } = await shell.run('work', HANDLERS)
    expect(code).toBe(EXIT.refused)
    expect(errors).toMatch(/^boomerang: queue outgoing-mail has `visibility` .*update: true.*$/)
  })
})

describe('SIGTERM', () => {
  test('lets a running handler finish', async () => {
    const worker = await shell.work()
    await shell.client.queue('tasks').send('finish after SIGTERM')
    await worker.line('handler: finish')
    expect(await stopped(worker)).toBe(EXIT.well)
    await worker.line(/stopping +SIGTERM: 1 handler may end within 30 s/)
    expect(worker.lines.join('\n')).toMatch(/completed [\s\S]*everything in hand is settled$/)
    expect(await stats()).toMatchObject({ ready: 0, inFlight: 0 })
  })

  test('aborts it when the grace is over; its message is given back', async () => {
    const worker = await shell.work('--grace', '100ms')
    await shell.client.queue('tasks').send('await signal')
    await worker.line('handler: await')
    expect(await stopped(worker)).toBe(EXIT.well)
    await worker.line(/released +tasks/)
    expect(await stats()).toMatchObject({ ready: 1, inFlight: 0 })
  })

  test('leaves a handler that ignores its signal behind, and says so', async () => {
    const worker = await shell.work('--grace', '100ms')
    await shell.client.queue('tasks').send('ignore')
    await worker.line('handler: ignore')
    expect(await stopped(worker)).toBe(EXIT.forced)
    await worker.line('1 handler did not end')
    expect(await stats()).toMatchObject({ ready: 0, inFlight: 1 })
  })

  test('does the same as SIGINT', async () => {
    const worker = await shell.work()
    worker.kill('SIGINT')
    expect((await worker.ended).code).toBe(EXIT.well)
  })
})

test('a second signal ends it at once', async () => {
  const worker = await shell.work()
  await shell.client.queue('tasks').send('ignore')
  await worker.line('handler: ignore')
  await press(worker, 'SIGTERM')
  expect((await worker.ended).code).toBe(EXIT.forced)
  await worker.line(/forced +a second SIGTERM/)
  expect(await stats()).toMatchObject({ inFlight: 1 })
})

test('an exception that nobody catches stops it well, with a code of its own', async () => {
  const worker = await shell.work()
  await shell.client.queue('tasks').send('uncaught')
  expect((await worker.ended).code).toBe(EXIT.crashed)
  await worker.line(/uncaught +nobody catches$/)
  expect(worker.lines.some((line) => /^ {4} +at /.test(line))).toBe(true)
  await worker.line('completed')
  expect(await stats()).toMatchObject({ ready: 0, inFlight: 0 })
})
