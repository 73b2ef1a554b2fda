// What a user gets: the package is packed, installed in an empty folder, type-checked, bundled and run against Redis.
import { execFile } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { namespace, redisUrl } from '../harness/stores.ts'
import { temporaryDirectory } from '../harness/temporary.ts'
import { root } from './tree.ts'

const execute = promisify(execFile)
const folder = temporaryDirectory()
const { version, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const patience = 120_000
const tool = (name: string) => join(root, 'node_modules/.bin', name)

describe('the packed package', { timeout: patience }, () => {
  beforeAll(async () => {
    await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder.path], root)
    cpSync(join(import.meta.dirname, 'consumer'), folder.path, { recursive: true })
    const nodeTypes = devDependencies['@types/node']
    const manifest = { type: 'module', private: true, devDependencies: { '@types/node': nodeTypes } }
    writeFileSync(join(folder.path, 'package.json'), JSON.stringify(manifest))
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--silent']
    await run('npm', ['install', ...flags, `./boomerang-mq-${version}.tgz`])
  }, 2 * patience)

  afterAll(() => folder[Symbol.dispose]())

  test('holds no sources, tests or leftovers', () => {
    const installed = readdirSync(join(folder.path, 'node_modules/boomerang-mq'))
    const expected = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'lua', 'package.json']
    expect(installed.filter((name) => name !== 'node_modules' && !expected.includes(name))).toEqual([])
    expect(installed).toEqual(expect.arrayContaining(['dist', 'lua', 'package.json', 'LICENSE']))
  })

  test('type-checks in a strict consumer', async () => {
    await run(tool('tsc'), ['-p', folder.path])
  })

  test('runs in an ESM program', async () => {
    expect(await output('consumer.js')).toBe('received hello\n')
  })

  test('runs a handler in a thread', async () => {
    expect(await output('isolated.js', 'handler.js')).toBe('isolated: hello 7\n')
  })

  test.each([
    ['consumer.ts', 'received hello\n'],
    ['isolated.ts', 'isolated: hello 7\n'],
  ])('is bundled by esbuild into one file that runs alone: %s', async (program, said) => {
    using elsewhere = temporaryDirectory()
    const bundle = join(elsewhere.path, 'bundle.cjs')
    const warnings = await run(tool('esbuild'), [
      program,
      '--bundle',
      '--platform=node',
      '--log-level=warning',
      '--external:ioredis-mock',
      `--outfile=${bundle}`,
    ])
    expect(warnings.stderr).toBe('')
    expect(await output(bundle, join(folder.path, 'handler.js'))).toBe(said)
  })

  test('has a command that says its version', async () => {
    const { stdout } = await run(join(folder.path, 'node_modules/.bin/boomerang'), ['--version'])
    expect(stdout.trim()).toBe(version)
  })
})

test('the repository itself is importable by the package name', async () => {
  const names = "import('boomerang-mq').then((all) => console.log(typeof all.connect, typeof all.Worker))"
  const { stdout } = await run(process.execPath, ['-e', names], root)
  expect(stdout).toBe('function function\n')
})

async function output(file: string, ...args: string[]): Promise<string> {
  return (await run(process.execPath, [file, redisUrl(), namespace(), ...args])).stdout
}

async function run(command: string, args: string[], cwd = folder.path): Promise<{ stdout: string; stderr: string }> {
  const options = { cwd, timeout: patience, killSignal: 'SIGKILL' } as const
  return execute(command, args, options).catch((error) => {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}${error.stderr}`, { cause: error })
  })
}
