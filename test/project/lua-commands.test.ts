// The scripts run on the oldest Redis that we promise, and on its relatives that lack the Lua libraries of Redis.
import { expect, test } from 'vitest'
import { type Call, callsIn, withoutComments } from './lua-source.ts'
import { redisVersions } from './redis-versions.ts'
import { filesIn } from './tree.ts'

const oldest = 6.2
const files = filesIn(['lua'], '.lua')
// _memory.lua only passes on what the others call.
const calls = files
  .filter(({ path }) => path !== 'lua/_memory.lua')
  .flatMap(({ path, text }) => callsIn(text).map((call) => ({ path, ...call })))

test(`Redis commands and their options are not newer than ${oldest}`, () => {
  const wrong = calls.flatMap((call) => tooNew(call).map((what) => `${call.path}: ${what}`))
  expect(calls).not.toHaveLength(0)
  expect(wrong).toEqual([])
})

test('Lua is plain: no libraries of Redis, no error replies', () => {
  const foreign = /\b(?:cjson|cmsgpack|struct|bit)\.|\bredis\.(?!p?call\b)\w+|\berror\(/
  expect(files.filter(({ text }) => foreign.test(withoutComments(text))).map(({ path }) => path)).toEqual([])
})

function tooNew({ command, options }: Call): string[] {
  const known = redisVersions[command]
  if (!known) return [`${command} is not in redis-versions.ts`]
  const versions = [
    [command, known.since],
    ...options.map((option) => [`${command} ${option}`, known.options?.[option] ?? 'unknown']),
  ] as const
  return versions.filter(([, since]) => !(Number(since) <= oldest)).map(([what, since]) => `${what} (${since})`)
}
