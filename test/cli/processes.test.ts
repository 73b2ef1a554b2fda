// Several worker processes under one parent.
import { expect, test } from 'vitest'
import { EXIT } from '../../lib/cli/exit.ts'
import type { Program } from '../harness/programs.ts'
import { aShell, HANDLERS, press } from './shell.ts'

const shell = aShell()

async function workers(...args: string[]): Promise<Program> {
  const parent = await shell.work('--processes', '2', '--json', ...args)
  await expect.poll(() => working(parent).length).toBe(2)
  return parent
}

/** What the processes said when they began. */
function working(parent: Program): { process: number; pid: number }[] {
  return events(parent).filter(({ event }) => event === 'working')
}

function events(parent: Program) {
  return parent.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
}

test('stop together, well', async () => {
  const parent = await workers()
  await shell.client.queue('tasks').send('finish after SIGTERM')
  await parent.line('handler: finish')
  // As a service manager does it: the parent, and the processes below it.
  for (const { pid } of working(parent)) process.kill(pid, 'SIGTERM')
  parent.kill('SIGTERM')
  expect((await parent.ended).code).toBe(EXIT.well)
  expect(await shell.client.queue('tasks').stats()).toMatchObject({ ready: 0, inFlight: 0 })
  expect(parent.errors).toBe('')
})

test('are replaced when they die', async () => {
  const parent = await workers()
  const [first] = working(parent)
  process.kill(first?.pid as number, 'SIGKILL')
  await parent.line('"died"')
  await expect.poll(() => working(parent).length).toBe(3)
  const died = events(parent).find(({ event }) => event === 'died')
  expect(died).toMatchObject({ level: 'error', of: first?.process, signal: 'SIGKILL', code: null })
  expect(working(parent)[2]).toMatchObject({ process: first?.process })
  parent.kill('SIGTERM')
  expect((await parent.ended).code).toBe(EXIT.well)
})

test('are replaced after an exception that nobody caught', async () => {
  const parent = await workers()
  await shell.client.queue('tasks').send('uncaught')
  await parent.line('"uncaught"')
  await expect.poll(() => working(parent).length).toBe(3)
  expect(events(parent).find(({ event }) => event === 'died')).toMatchObject({ code: EXIT.crashed })
  parent.kill('SIGTERM')
  expect((await parent.ended).code).toBe(EXIT.well)
})

test('end at once at the second signal, also one that stands still', async () => {
  const parent = await workers()
  await shell.client.queue('tasks').send('block')
  await parent.line('handler: block')
  await press(parent, 'SIGINT')
  expect((await parent.ended).code).toBe(EXIT.forced)
  for (const { pid } of working(parent)) expect(() => process.kill(pid, 0)).toThrow()
})

test('stop well when their parent is killed', async () => {
  const parent = await workers()
  parent.kill('SIGKILL')
  await parent.ended
  const gone = events(parent).filter(({ why }) => why === 'the parent process is gone')
  expect(gone).toHaveLength(2)
  expect(events(parent).filter(({ event }) => event === 'stopped')).toHaveLength(2)
})

test('do not start where the first one is refused, which is said once', async () => {
  const ran = await shell.run('work', HANDLERS, '--processes', '3', '--concurrency', '0')
  expect(ran).toMatchObject({ code: EXIT.refused, out: '' })
  expect(ran.errors).toMatch(/^boomerang: `concurrency` [^\n]*$/)
})
