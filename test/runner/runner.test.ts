import { expect, test } from 'vitest'
import { startProgram } from '../harness/programs.ts'
import { temporaryDirectory } from '../harness/temporary.ts'
import { single, total } from './count.ts'

test('where there is no server and none can be installed, one line says what to type', async () => {
  using empty = temporaryDirectory()
  await using run = startProgram(import.meta.resolve('../run.js'), { env: { PATH: empty.path, REDIS_SERVER: '' } })
  expect((await run.ended).code).toBe(1)
  expect(run.lines).toEqual([])
  expect(run.errors).toMatch(/^The tests need redis-server or valkey-server: .+\n$/)
})

test('counts add up', () => {
  const tests = { passed: 5, failed: 1, skipped: 2 }
  expect(total([single(true), single(false), tests])).toEqual({ passed: 6, failed: 2, skipped: 2 })
})
