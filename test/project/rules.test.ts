// The rules of SQS that the library has: each is proved by sentences that exist, and none of the page's is left out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RULES, SECTIONS } from '../semantics/rules.ts'
import { root } from './tree.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('each sentence that proves a rule is in the file that it names', () => {
  const missing = Object.values(RULES)
    .flat()
    .flatMap(([rule, file, ...titles]) => {
      const text = read(`test/${file}.test.ts`).replaceAll(/\$\{\w+\}/g, '…')
      const found = (title: string) => ["'", '"', '`'].some((quote) => text.includes(quote + title + quote))
      return (titles.length > 0 ? titles : ['(none)']).filter((title) => !found(title)).map((title) => [rule, title])
    })
  expect(missing).toEqual([])
})

test('each section has rules', () => {
  expect(SECTIONS.filter((section) => RULES[section].length === 0)).toEqual([])
})

test.each(['actions', 'attributes'] as const)('each of the %s of docs/sqs.md has a rule', (section) => {
  const heading = `## ${section[0]?.toUpperCase()}${section.slice(1)}`
  const [, page = ''] = read('docs/sqs.md').split(`${heading}\n`)
  const [part = ''] = page.split('\n## ')
  const cells = [...part.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) => [...(cell ?? '').matchAll(/`(\w+)/g)])
  const named = cells.map(([, name]) => name ?? '')
  expect(named.length).toBeGreaterThan(10)
  const ruled = RULES[section].flatMap(([rule]) => rule.split(':')[0]?.split(', ') ?? [])
  expect(named.filter((name) => !ruled.includes(name))).toEqual([])
})
