// A script's header is its contract: what it takes, what it answers. So it is compared with the code.
import { describe, expect, test } from 'vitest'
import { argumentsInCode, argumentsInHeader, codeOf, headerOf, withoutComments } from './lua-source.ts'
import { filesIn } from './tree.ts'

const files = filesIn(['lua'], '.lua')
const scripts = files.filter(({ path }) => !path.startsWith('lua/_'))

describe.each(scripts)('$path', ({ path, text }) => {
  const header = headerOf(text)
  const name = /([^/]+)\.lua$/.exec(path)?.[1]

  test('has a header: name and purpose, KEYS, ARGV, returns', () => {
    expect(header).toMatch(new RegExp(`^-- ${name}: \\S.*\\n`))
    expect(header).toMatch(/^-- KEYS {3}\S/m)
    expect(header).toMatch(/^-- ARGV 1 \w+ +\S/m)
    expect(header).toMatch(/^-- returns \{/m)
  })

  test('names all ARGV first, as the header does', () => {
    expect(argumentsInCode(codeOf(text))).toEqual(argumentsInHeader(header))
  })

  test('reads ARGV nowhere else', () => {
    const taken = argumentsInHeader(header).includes('...') ? 2 : 1
    expect(withoutComments(codeOf(text)).match(/\bARGV\b/g)).toHaveLength(taken)
  })
})

test('what scripts share reads no ARGV', () => {
  const shared = files.filter(({ path }) => path.startsWith('lua/_'))
  expect(shared.filter(({ text }) => /\bARGV\b/.test(withoutComments(text))).map(({ path }) => path)).toEqual([])
})

test('only the prelude looks a key up by its position', () => {
  const others = files.filter(({ path }) => path !== 'lua/_prelude.lua')
  expect(others.filter(({ text }) => /\bKEYS\[/.test(withoutComments(text))).map(({ path }) => path)).toEqual([])
})
