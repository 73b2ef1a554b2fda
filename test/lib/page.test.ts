// Cursors, against partitions made of lists.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Backend } from '../../lib/backend.ts'
import { page } from '../../lib/page.ts'

/** A backend whose partitions hold messages with these scores: every other partition's carry groups. */
function backendOf(partitions: number[][]): Backend {
  const lanes = partitions.map((scores, p) => {
    const here = [...scores].sort((a, b) => a - b).map((score, i) => ({ short: `${p}-${i}`, score: String(score) }))
    const peek = async (state: string, from: string, skip: number, limit: number) => {
      const all = state === (p % 2 ? 'grouped' : 'ready') ? here : []
      const least = from === '-inf' ? Number.NEGATIVE_INFINITY : Number(from)
      return { found: all.filter(({ score }) => Number(score) >= least).slice(skip, skip + limit), now: 0 }
    }
    return { partition: { index: p, peek } }
  })
  return { open: async () => ({ lanes }), deadline: () => 0 } as unknown as Backend
}

async function walk(partitions: number[][], limit: number): Promise<string[][]> {
  const pages: string[][] = []
  let cursor: string | undefined
  do {
    const one = await page(backendOf(partitions), 'ready', { limit, ...(cursor && { cursor }) }, 'peek')
    pages.push(one.found.map(({ short }) => short))
    cursor = one.cursor
  } while (cursor !== undefined && pages.length < 1_000)
  return pages
}

test('pages have all messages once, whatever their scores', async () => {
  const partitions = fc.array(fc.array(fc.constantFrom(1, 2, 2.5, 3), { maxLength: 12 }), {
    minLength: 1,
    maxLength: 4,
  })
  await fc.assert(
    fc.asyncProperty(partitions, fc.integer({ min: 1, max: 6 }), async (held, limit) => {
      const pages = await walk(held, limit)
      const expected = held.flatMap((scores, p) => scores.map((_, i) => `${p}-${i}`))
      expect(pages.flat()).toEqual(expected)
      for (const one of pages.slice(0, -1)) expect(one).toHaveLength(limit)
    }),
  )
})

test('a cursor that no page gave is refused', async () => {
  for (const cursor of ['', 'x', '1_2', '0_a_0', '5_1_0', '0_1_-1', '-1_1_0']) {
    await expect(page(backendOf([[1]]), 'ready', { cursor }, 'peek')).rejects.toThrow(
      /`cursor` must be one that the last page gave/,
    )
  }
})
