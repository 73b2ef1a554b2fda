// What a call needed is garbage when the call has its answer, and a collection of what is young must find it: V8 allocates
// a function literal that is assigned to a property among what lives long, and what such a function holds stays with it.
import { expect, test } from 'vitest'
import { startProgram } from '../harness/programs.ts'
import { namespace, redisUrl } from '../harness/stores.ts'

test('nothing of a message outlives its call', { timeout: 60_000 }, async () => {
  // No great collection comes between.
  const nodeArgs = ['--expose-gc', '--initial-heap-size=512']
  const program = startProgram(import.meta.resolve('./garbage-process.ts'), {
    args: [redisUrl(), namespace()],
    nodeArgs,
  })
  const { bytes } = JSON.parse(await program.line('bytes'))
  expect(bytes).toBeLessThan(100)
  expect(await program.ended).toMatchObject({ code: 0 })
})
