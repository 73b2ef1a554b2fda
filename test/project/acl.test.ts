// The rules of `boomerang acl` allow what the scripts of a role do, as far as the scripts' text tells: a command that is added to
// a script is added to the rules, too.
import { expect, test } from 'vitest'
import { type Access, aclOf } from '../../lib/redis/acl.ts'
import { type scripts as all, scripts } from '../../lib/redis/scripts.generated.ts'

const access = { namespace: 'n', queue: 'q' }
const tags = { partition: 'n/q:*', other: 'n/other:*', home: 'n/q', list: 'n' }

const roles: [role: Access['role'], tag: keyof typeof tags, uses: (keyof typeof all)[]][] = [
  ['producer', 'partition', ['send', 'send_once', 'send_grouped', 'result', 'touch']],
  ['consumer', 'partition', ['receive', 'work', 'work_grouped', 'extend', 'release', 'claim', 'unclaim', 'touch']],
  ['consumer', 'partition', ['outbox', 'forward', 'arrived', 'strand', 'stats']],
  ['consumer', 'other', ['arrive']],
]

test.each(roles)('a %s may, in %s, what these do: %j', (role, tag, uses) => {
  const allowed = granted(aclOf({ ...access, role, to: ['other'] }), tags[tag])
  for (const name of uses) {
    expect({ name, missing: commandsOf(scripts[name].text).filter((one) => !allowed.has(one)) }).toEqual({
      name,
      missing: [],
    })
  }
})

test('a script that an admin runs does nothing else', () => {
  const words = aclOf({ ...access, role: 'admin' })
  const missing = Object.values(scripts).flatMap(({ text }) =>
    commandsOf(text).filter((one) => !words.includes(`+${one.split(' ')[0]}`)),
  )
  expect(missing).toEqual([])
})

test.each(['producer', 'consumer'] as const)('a %s changes no home, and takes no errands', (role) => {
  const words = aclOf({ ...access, role })
  expect([...granted(words, tags.home)].sort()).toEqual(['hgetall meta', 'hmget meta'])
  expect([...granted(words, tags.list)].sort()).toEqual(['hget meta', 'hgetall meta', 'zadd inflight', 'zadd ready'])
})

/** 'command part' of each call in a script that names its key. */
function commandsOf(text: string): string[] {
  const calls = text.matchAll(/\bcall\('([A-Z]+)', K\.(\w+)/g)
  return [...calls].map(([, command, part]) => `${command?.toLowerCase()} ${part?.replace('_', ':')}`)
}

/** The same of what the selectors of a rule allow below a tag. */
function granted(words: string[], tag: string): Set<string> {
  const found = words
    .filter((word) => word.startsWith('('))
    .flatMap((selector) => {
      const parts = selector.slice(1, -1).split(' ')
      const keys = parts.flatMap((part) => (part.startsWith(`~boomerang:{${tag}}:`) ? [part.split('}:')[1]] : []))
      return parts.filter((part) => part.startsWith('+')).flatMap((one) => keys.map((key) => `${one.slice(1)} ${key}`))
    })
  return new Set(found)
}
