// The README's first program runs as it stands there.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { expect, test } from 'vitest'
import { namespace, redisUrl } from '../harness/stores.ts'

test('the program on the first screen prints what it says', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  const own = program.replace(
    "connect('redis://localhost:6379')",
    `connect('${redisUrl()}', { namespace: '${namespace()}' })`,
  )
  expect(own).not.toBe(program)
  const { code } = await transform(own, { loader: 'ts', format: 'esm' })
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code])
  expect(stdout.trim()).toBe('order 7 is packed')
})
