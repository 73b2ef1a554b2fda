// The pages of errors and options list what the code has: nothing missing, nothing that is gone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownRows } from '../../bench/own-rows.ts'
import { rows } from '../../bench/rows.ts'
import * as boomerang from '../../lib/index.ts'
import { NOT_EMBEDDED, ONE_REDIS } from '../semantics/embedded.ts'
import { BEYOND_SQS, NOT_OVER_SQS } from '../semantics/endpoint/beyond.ts'
import { filesIn, root } from './tree.ts'

test('docs/errors.md lists exactly the codes of the exported errors', () => {
  expect(firstCells('docs/errors.md')).toEqual(exportedCodes())
})

test('docs/options.md lists exactly the options that the code knows', () => {
  expect(firstCells('docs/options.md')).toEqual(knownOptions())
})

test('docs/testing.md lists what the embedded store cannot do, and what does not run there names its line', () => {
  const page = readFileSync(join(root, 'docs/testing.md'), 'utf8')
  const lines = [...page.matchAll(/^\| (\w+) \| (.+) \|$/gm)].map(([, name, why]) => [name, why])
  expect(Object.fromEntries(lines)).toEqual({ ...NOT_EMBEDDED, what: 'why' })
  const some = filesIn(['test/semantics', 'test/workers'], '.test.ts').flatMap(({ path, text }) =>
    [...text.matchAll(/^ {2}\[((?:'\w+'(?:, )?)+)\],\n {2}(?:'(\w+)')?/gm)].map(([, list, reason]) => ({
      path,
      list,
      reason,
    })),
  )
  expect(some.length).toBeGreaterThan(0)
  const unnamed = some.filter(({ list, reason }) => !list?.includes('memory') && !(reason && reason in NOT_EMBEDDED))
  expect(unnamed).toEqual([])
})

test('docs/testing.md lists the files that do not run over all servers, and there are no others', () => {
  const page = readFileSync(join(root, 'docs/testing.md'), 'utf8')
  const listed = [...page.matchAll(/^\| `(test\/.+)` \| (.+) \|$/gm)].map(([, path, why]) => [path, why])
  expect(Object.fromEntries(listed)).toEqual(ONE_REDIS)
  const served = filesIn(['test/sqs'], '.test.ts').filter(({ text }) => /harness\/stores/.test(text))
  const all = [...filesIn(['test/semantics', 'test/workers'], '.test.ts'), ...served]
  const alone = all.filter(({ text }) => !/^over\(/m.test(text) || /^ {2}\['redis'\],$/m.test(text))
  expect(alone.map(({ path }) => path).sort()).toEqual(Object.keys(ONE_REDIS).sort())
})

test('docs/testing.md lists what does not run through the endpoint, and there is nothing else', () => {
  const page = readFileSync(join(root, 'docs/testing.md'), 'utf8')
  const rows = (mark: string) => [...page.matchAll(new RegExp(`^\\| ${mark}([\\w-]+)${mark} \\| (.+) \\|$`, 'gm'))]
  const listed = (mark: string) => Object.fromEntries(rows(mark).map(([, name, why]) => [name, why]))
  expect([listed('\\*\\*'), listed('\\*')]).toEqual([BEYOND_SQS, NOT_OVER_SQS])
  const files = filesIn(['test/semantics'], '.test.ts')
  const without = files.filter(({ text }) => !/^\}, EVERYWHERE\)$/m.test(text))
  expect(without.map(({ path }) => path.replace(/^.*\/(.+)\.test\.ts$/, '$1')).sort()).toEqual(
    Object.keys(NOT_OVER_SQS).sort(),
  )
  const texts = files.map(({ text }) => text).join('')
  expect(Object.keys(BEYOND_SQS).filter((name) => !texts.includes(`'${name}'`))).toEqual([])
})

test('bench/README.md explains each row of the benchmark', () => {
  const explained = new Set(
    [...readFileSync(join(root, 'bench/README.md'), 'utf8').matchAll(/^\| (`.+?`) +\|/gm)].flatMap(([, cell]) =>
      [...(cell ?? '').matchAll(/`([\w-]+)`/g)].map(([, id]) => id),
    ),
  )
  expect([...rows, ...ownRows].map(({ id }) => id).filter((id) => !explained.has(id))).toEqual([])
})

/** The names in the first column of a page's tables: | `name` | … or | `room.name` | … */
function firstCells(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  return sorted([...text.matchAll(/^\| *`(?:\w+\.)?(\w+)` *\|/gm)].map(([, name]) => name ?? ''))
}

function exportedCodes(): string[] {
  const exported: unknown[] = Object.values(boomerang)
  return sorted(exported.filter(isError).map((Named) => new Named('').code))
}

function isError(value: unknown): value is new (message: string) => boomerang.BoomerangError {
  return typeof value === 'function' && value.prototype instanceof boomerang.BoomerangError
}

/** The lists that options are checked against: `known(options, [...], where)`, in place or as a constant. */
function knownOptions(): string[] {
  const texts = filesIn(['lib', 'workers'], '.ts').map(({ text }) => text)
  const all = texts.join('\n')
  const lists = [...all.matchAll(/\bknown\(\s*[\w.]+,\s*(\[[^\]]*\]|\w+)/g)].map(([, list]) => list ?? '')
  return sorted(lists.filter((list) => list !== 'names').flatMap((list) => namesIn(list, all)))
}

function namesIn(list: string, all: string): string[] {
  const text = list.startsWith('[')
    ? list
    : (new RegExp(`\\b${list}\\b[^=\\n]*=\\s*(\\[[^\\]]*\\])`).exec(all)?.[1] ?? '')
  const spread = [...text.matchAll(/\.\.\.(\w+)/g)].flatMap(([, name]) => namesIn(name ?? '', all))
  return [...[...text.matchAll(/'(\w+)'/g)].map(([, name]) => name ?? ''), ...spread]
}

function sorted(names: string[]): string[] {
  return [...new Set(names)].sort()
}
