// The examples are what users copy, so each of them runs, to its end, as a user would run it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startProgram } from '../harness/programs.ts'
import { type RedisServer, startRedis } from '../harness/servers.ts'
import { filesIn, root } from './tree.ts'

const examples = filesIn(['examples'], '.ts').filter(({ path }) => /^examples\/[^/]+\.ts$/.test(path))
let server: RedisServer

beforeAll(async () => {
  server = await startRedis()
})

afterAll(() => server.stop())

test.each(examples)('$path', { timeout: 60_000 }, async ({ path }) => {
  await using example = startProgram(`${root}/${path}`, { env: { REDIS_URL: server.url }, cwd: root })
  const { code } = await example.ended
  expect(code, example.errors).toBe(0)
  expect(example.errors).toBe('')
  expect(example.lines).not.toHaveLength(0)
})
