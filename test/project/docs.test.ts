// The pages of errors and options list what the code has: nothing missing, nothing that is gone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as boomerang from '../../lib/index.ts'
import { filesIn, root } from './tree.ts'

test('docs/errors.md lists exactly the codes of the exported errors', () => {
  expect(firstCells('docs/errors.md')).toEqual(exportedCodes())
})

test('docs/options.md lists exactly the options that the code knows', () => {
  expect(firstCells('docs/options.md')).toEqual(knownOptions())
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
