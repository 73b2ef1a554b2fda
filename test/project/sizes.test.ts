// Small enough to be read in one go. What outgrows this wants a new noun, not a longer file.
import { expect, test } from 'vitest'
import { codeOf } from './lua-source.ts'
import { filesIn } from './tree.ts'

const sourceLines = 250
const scriptLines = 60

test(`a source file has at most ${sourceLines} lines`, () => {
  const sources = filesIn(['lib', 'workers', 'examples', 'bench', 'build', 'test', 'chaos'], '.ts')
  expect(sources.filter(({ text }) => lines(text) > sourceLines).map(({ path }) => path)).toEqual([])
})

test(`a Lua script has at most ${scriptLines} lines under its header`, () => {
  const scripts = filesIn(['lua'], '.lua')
  expect(scripts.filter(({ text }) => lines(codeOf(text)) > scriptLines).map(({ path }) => path)).toEqual([])
})

function lines(text: string): number {
  return text.trim().split('\n').length
}
