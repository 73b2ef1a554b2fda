// Which handlers a module has, and how modules of each kind are loaded by the command as it is installed.
import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { definitionsOf } from '../../lib/cli/work/handlers.ts'
import { redisUrl } from '../harness/stores.ts'
import { temporaryDirectory } from '../harness/temporary.ts'
import { root } from '../project/tree.ts'
import { aShell } from './shell.ts'

const handler = () => {}

describe('the handlers of a module', () => {
  const names = (module: object, ...wanted: string[]) =>
    definitionsOf(module as Record<string, unknown>, 'handlers.js', wanted).map(({ queue }) => queue)

  test('are its functions and objects with a handler; other exports are none', () => {
    expect(names({ a: handler, b: { handler }, c: 7, d: {}, E: class {} })).toEqual(['a', 'b'])
  })

  test('have the options that stand beside them', () => {
    const options = { concurrency: 2 }
    const [found] = definitionsOf({ a: { handler, options, queue: { name: 'b-c', delay: '1s' } } }, 'handlers.js', [])
    expect(found).toEqual({ queue: 'b-c', handler, options, queueOptions: { delay: '1s' } })
  })

  test('are modules where they are isolated', () => {
    const isolated = { handler: 'file:///handler.js', options: { isolate: true } }
    expect(names({ a: isolated, b: { handler: 'file:///handler.js' } })).toEqual(['a'])
  })

  test('are found in a default export by any name', () => {
    expect(names({ default: { 'a-b': handler, c: { handler } } })).toEqual(['a-b', 'c'])
    expect(names({ default: { handler, queue: 'd-e' } })).toEqual(['d-e'])
  })

  test('are those that are wanted; the default one is for the others', () => {
    expect(names({ a: handler, b: handler }, 'b')).toEqual(['b'])
    expect(names({ a: handler, default: handler }, 'b', 'a')).toEqual(['b', 'a'])
  })

  test.each<[object, string[], string]>([
    [{}, [], 'handlers.js exports no handler: export a function whose name is that of a queue'],
    [{ default: handler }, [], 'handlers.js has a default handler only; say which queue it is for: --queue <name>'],
    [{ a: handler, b: handler }, ['c'], "handlers.js has no handler for queue 'c': it has a, b"],
    [{ a: { handler, option: {} } }, [], 'the handler of a has `option`; it can have `handler`, `options` and `queue`'],
    [{ a: handler, b: { handler, queue: 'a' } }, [], "handlers.js has two handlers for queue 'a'"],
  ])('are asked for where they are missing: %j', (module, wanted, says) => {
    expect(() => names(module, ...wanted)).toThrow(says)
  })
})

describe('a module', () => {
  const shell = aShell()
  const typed = "export async function q(message: { body: string }) { console.log('typed: ' + message.body); stop() }\n"
  const stop = "const stop = () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50)\n"
  const strips = Boolean((process.features as { typescript?: unknown }).typescript)

  /** The command in plain Node, in a project with these files; the handler ends it after a message. */
  async function work(files: Record<string, string>, { tsx = false, args = [] as string[] } = {}) {
    using folder = temporaryDirectory()
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text)
    if (tsx) {
      mkdirSync(join(folder.path, 'node_modules'))
      symlinkSync(join(root, 'node_modules/tsx'), join(folder.path, 'node_modules/tsx'))
    }
    await shell.client.queue('q').send('hello')
    const [file = ''] = Object.keys(files)
    const env = { ...process.env, REDIS_URL: redisUrl(), BOOMERANG_NAMESPACE: shell.namespace, NODE_OPTIONS: '' }
    const command = [join(root, 'dist/lib/cli/main.js'), 'work', file, ...args]
    const ran = promisify(execFile)(process.execPath, command, { cwd: folder.path, env })
    return await ran.then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    )
  }

  test.each(['{"type": "module"}', '{}'])(
    'in TypeScript is run by tsx, or by Node where it can (package.json: %s)',
    async (manifest) => {
      const ran = await work({ 'handlers.ts': stop + typed, 'package.json': manifest }, { tsx: true })
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('typed: hello') })
    },
  )

  test('in TypeScript that Node does not know is run by tsx', async () => {
    const text = `enum Kind { Some = 'some' }\n${stop}${typed.replace("'typed: '", "Kind.Some + ': '")}`
    const ran = await work({ 'handlers.ts': text, 'package.json': '{"type": "module"}' }, { tsx: true })
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('some: hello') })
  })

  test.skipIf(strips)('in TypeScript says what to install where nothing can run it', async () => {
    const ran = await work({ 'handlers.ts': stop + typed })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(
      /^boomerang: handlers.ts is TypeScript, .*npm install --save-dev tsx, or use Node 22\.18 or later\n$/,
    )
  })

  test('in CommonJS runs', async () => {
    const ran = await work({ 'handlers.cjs': `${stop}module.exports = { q: () => { console.log('common'); stop() } }` })
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('common') })
  })

  test('runs handlers in threads', async () => {
    const named = "export const q = { handler: import.meta.resolve('./q.mjs'), options: { isolate: true } }"
    const own = `import { isMainThread } from 'node:worker_threads'\n${stop}export default ({ body }) => {
      console.log(isMainThread ? 'main' : 'thread: ' + body)
      stop()
    }`
    const ran = await work({ 'handlers.mjs': named, 'q.mjs': own })
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^thread: hello$/m) })
  })

  test.each([
    ['export const x =', /^boomerang: cannot load handlers.mjs: Unexpected end of input/],
    ["import './gone.mjs'", /^boomerang: cannot load handlers.mjs: Cannot find module .*gone\.mjs/],
    ["throw new Error('no database')", /^boomerang: cannot load handlers.mjs: no database \(--verbose says where\)\n$/],
  ])('that cannot be loaded is said in a sentence: %s', async (text, says) => {
    expect(await work({ 'handlers.mjs': text })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(says),
    })
  })
})
